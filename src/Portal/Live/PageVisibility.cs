using Microsoft.JSInterop;

namespace Gatehouse.Portal.Live;

/// <summary>Whether the person looks at the page: a hidden tab asks the API for nothing.</summary>
internal sealed class PageVisibility(IJSRuntime js) : IAsyncDisposable
{
    private DotNetObjectReference<PageVisibility>? reference;

    public bool IsVisible { get; private set; } = true;

    /// <summary>The page came back to the front.</summary>
    public event Action? Shown;

    public async Task WatchAsync()
    {
        if (reference is not null) return;
        reference = DotNetObjectReference.Create(this);
        await js.InvokeVoidAsync("gatehouse.watchVisibility", reference);
    }

    /// <summary>Called by the browser.</summary>
    [JSInvokable]
    public void OnVisibilityChanged(bool visible)
    {
        IsVisible = visible;
        if (visible) Shown?.Invoke();
    }

    public async ValueTask DisposeAsync()
    {
        if (reference is null) return;
        try
        {
            await js.InvokeVoidAsync("gatehouse.unwatchVisibility");
        }
        catch (JSDisconnectedException)
        {
            // The browser is gone, and its listener with it.
        }
        reference.Dispose();
    }
}
