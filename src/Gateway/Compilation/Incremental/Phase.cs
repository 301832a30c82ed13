namespace Gatehouse.Gateway.Compilation.Incremental;

/// <summary>Compiles one object at a time, so that one that makes the compiler fail stops no other.</summary>
internal static class Phase
{
    /// <summary>Runs a pass over an object.</summary>
    /// <returns>Its result; null: it failed, the object says so and what was made of it before stays.</returns>
    public static T? Compile<T>(Node node, CompilerState state, Func<Reads, T> pass)
        where T : class
    {
        var recorder = state.Recorder;
        recorder.Clear();
        var result = Guard(node, state, () => pass(state.Reads));
        state.Dependencies.Update(node, recorder.ToFootprint(node.Footprint));
        return result;
    }

    /// <summary>Runs a pass that reads nothing but the object and what was made of it.</summary>
    /// <returns>Its result; null: it failed.</returns>
    public static T? Guard<T>(Node node, CompilerState state, Func<T> pass)
        where T : class
    {
        T? result = null;
        node.Failure = null;
        try
        {
            state.Options.BeforeObject?.Invoke(node.Key);
            result = pass();
        }
        catch (Exception failure) when (failure is not OutOfMemoryException)
        {
            // The message may hold a tenant's text or our own internals: the type is what an operator needs to find the fault.
            node.Failure = failure.GetType().Name;
        }
        return result;
    }
}
