namespace Gatehouse.Gateway.Compilation;

/// <summary>Compiles everything at once.</summary>
public static class Compiler
{
    /// <summary>Grows when equal inputs may compile to other entries; a data plane of another version asks for a new snapshot.</summary>
    public const string Version = "3";

    /// <summary>What a fresh compiler makes of all inputs.</summary>
    /// <param name="inputs">Inputs, in any order.</param>
    /// <param name="options">Settings.</param>
    public static Snapshot Compile(IEnumerable<InputChange> inputs, CompilerOptions options)
    {
        var compiler = new IncrementalCompiler(options);
        compiler.Apply([.. inputs]);
        return compiler.Snapshot;
    }
}
