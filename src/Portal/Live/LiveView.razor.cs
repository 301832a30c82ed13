using Gatehouse.Portal.Api;
using Gatehouse.Portal.Sessions;
using Microsoft.AspNetCore.Components;

namespace Gatehouse.Portal.Live;

/// <summary>
/// Shows what <see cref="Load"/> gives and keeps it fresh while the page is visible. What was rendered on the server is handed to the circuit, so the
/// page never flashes; while the API is away the last answer stays, with a word about it.
/// </summary>
/// <typeparam name="T">What is shown.</typeparam>
public sealed partial class LiveView<T> : ComponentBase, IAsyncDisposable
{
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(3);

    /// <summary>The first rendering does not wait longer for the API than a person waits for a blank page.</summary>
    private static readonly TimeSpan FirstRenderingLimit = TimeSpan.FromSeconds(2);

    private readonly CancellationTokenSource closed = new();
    private CancellationTokenSource? loading;
    private PersistingComponentStateSubscription persisting;
    private Task? polling;
    private string? shownKey;
    private string? valueKey;
    private bool hasValue;
    private T? value;
    private DateTimeOffset readAt;
    private ApiFailure? failure;

    /// <summary>Names what is shown; another key loads anew.</summary>
    [Parameter, EditorRequired]
    public string Key { get; set; } = "";

    /// <summary>Asks the API.</summary>
    [Parameter, EditorRequired]
    public Func<CancellationToken, Task<ApiResult<T>>> Load { get; set; } = default!;

    /// <summary>Shows the value.</summary>
    [Parameter, EditorRequired]
    public RenderFragment<T> ChildContent { get; set; } = default!;

    /// <summary>Shown before the first answer; default: grey lines.</summary>
    [Parameter]
    public RenderFragment? Loading { get; set; }

    [Inject]
    private PersistentComponentState Persistent { get; set; } = default!;

    [Inject]
    private Handover Handover { get; set; } = default!;

    [Inject]
    private PageVisibility Visibility { get; set; } = default!;

    [Inject]
    private TimeProvider Clock { get; set; } = default!;

    [Inject]
    private NavigationManager Navigation { get; set; } = default!;

    private bool IsStale => valueKey != Key;

    private string PersistentKey => "live:" + Key;

    /// <inheritdoc/>
    protected override async Task OnParametersSetAsync()
    {
        if (shownKey == Key) return;
        var isFirst = shownKey is null;
        shownKey = Key;
        if (isFirst)
        {
            persisting = Persistent.RegisterOnPersisting(PersistAsync);
            if (Persistent.TryTakeFromJson<string>(PersistentKey, out var left) && left is not null && Handover.Take(left) is Answer answer)
            {
                Take(answer.Value, Key, answer.ReadAt);
                return;
            }
        }
        await RefreshAsync();
    }

    /// <inheritdoc/>
    protected override async Task OnAfterRenderAsync(bool firstRender)
    {
        if (!firstRender) return;
        Visibility.Shown += OnShown;
        polling = PollAsync();
        await Visibility.WatchAsync();
    }

    private async Task PollAsync()
    {
        using var timer = new PeriodicTimer(Interval, Clock);
        try
        {
            while (await timer.WaitForNextTickAsync(closed.Token))
            {
                if (Visibility.IsVisible && loading is null) await InvokeAsync(RefreshAsync);
            }
        }
        catch (OperationCanceledException)
        {
            // The page was left.
        }
    }

    private void OnShown() => _ = InvokeAsync(RefreshAsync);

    /// <summary>Asks the API now, for example after a change that was made here.</summary>
    public async Task RefreshAsync()
    {
        if (loading is not null) await loading.CancelAsync();
        using var attempt = CancellationTokenSource.CreateLinkedTokenSource(closed.Token);
        loading = attempt;
        if (!RendererInfo.IsInteractive) attempt.CancelAfter(FirstRenderingLimit);
        var key = Key;
        try
        {
            var result = await Load(attempt.Token);
            if (loading == attempt) Show(result, key);
        }
        catch (OperationCanceledException)
        {
            // Superseded, left, or the first rendering goes out without an answer.
        }
        finally
        {
            if (loading == attempt) loading = null;
        }
    }

    private void Show(ApiResult<T> result, string key)
    {
        if (result.Failure is { IsSignedOut: true })
        {
            var here = "/" + Navigation.ToBaseRelativePath(Navigation.Uri);
            Navigation.NavigateTo($"{SessionSetup.SignInPath}?expired=true&returnUrl={Uri.EscapeDataString(here)}", forceLoad: true);
            return;
        }
        failure = result.Failure;
        if (failure is null) Take(result.Value!, key, Clock.GetUtcNow());
        else if (!failure.IsPassing) hasValue = false;
        StateHasChanged();
    }

    private void Take(T taken, string key, DateTimeOffset at)
    {
        (value, valueKey, readAt, hasValue) = (taken, key, at, true);
    }

    private Task PersistAsync()
    {
        if (hasValue) Persistent.PersistAsJson(PersistentKey, Handover.Leave(new Answer(value!, readAt)));
        return Task.CompletedTask;
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        Visibility.Shown -= OnShown;
        persisting.Dispose();
        await closed.CancelAsync();
        if (polling is not null) await polling;
        closed.Dispose();
    }

    private sealed record Answer(T Value, DateTimeOffset ReadAt);
}
