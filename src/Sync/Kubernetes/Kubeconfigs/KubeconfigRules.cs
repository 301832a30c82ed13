namespace Gatehouse.Sync.Kubernetes.Kubeconfigs;

/// <summary>What a kubeconfig may make the worker do on its own machine.</summary>
internal sealed record KubeconfigRules
{
    /// <summary>Stands for every command in <see cref="AllowedExecCommands"/>.</summary>
    public const string AnyCommand = "*";

    /// <summary>One that came over the API: it reads no file and runs nothing.</summary>
    public static KubeconfigRules Uploaded { get; } = new();

    /// <summary>Files that the operator put on the worker's machine: they may do what kubectl does.</summary>
    public static KubeconfigRules Operator { get; } = new() { AllowFiles = true, AllowedExecCommands = [AnyCommand] };

    /// <summary>Whether files may be named (certificates, keys, tokens).</summary>
    public bool AllowFiles { get; init; }

    /// <summary>Commands that may be run, as <c>command</c> spells them; what they are given as arguments is up to the kubeconfig.</summary>
    public IReadOnlyList<string> AllowedExecCommands { get; init; } = [];

    /// <summary>Whether a command may be run.</summary>
    public bool Allows(string command) => AllowedExecCommands.Contains(AnyCommand) || AllowedExecCommands.Contains(command);
}
