namespace Gatehouse.DataPlane.Backends;

/// <summary>A backend's address must not be connected to.</summary>
internal sealed class BackendRefusedException(string reason) : IOException($"The backend's address is {reason}.")
{
    public string Reason => reason;
}
