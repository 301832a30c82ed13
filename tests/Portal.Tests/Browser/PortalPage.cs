using Microsoft.Playwright;

namespace Gatehouse.Portal.Tests.Browser;

/// <summary>One browser window on the portal, and the few things that tests do in it as a person would.</summary>
internal sealed class PortalPage : IAsyncDisposable
{
    private readonly string url;
    private readonly IBrowserContext context;

    public PortalPage(string url, IBrowserContext context, IPage page)
    {
        (this.url, this.context, Page) = (url, context, page);
        page.Console += (_, message) =>
        {
            if (message.Type == "error") ConsoleErrors.Add(message.Text);
        };
        page.PageError += (_, error) => ConsoleErrors.Add(error);
    }

    public IPage Page { get; }

    public IBrowserContext Context => context;

    /// <summary>What the browser complained about: violations of the content policy among it.</summary>
    public List<string> ConsoleErrors { get; } = [];

    /// <summary>Waits until the circuit stands: what is done before that is done to a page that does not listen yet.</summary>
    public Task InteractiveAsync() => Page.WaitForSelectorAsync("html[data-interactive]", new() { State = WaitForSelectorState.Attached });

    public Task GoToAsync(string path) => Page.GotoAsync(url + path);

    public async Task SignInAsync(string returnUrl = "/tenants", string password = FakeApi.Password)
    {
        await GoToAsync(returnUrl);
        await Page.GetByLabel("Email").FillAsync(FakeApi.Email);
        await Page.GetByLabel("Password").FillAsync(password);
        await Page.GetByRole(AriaRole.Button, new() { Name = "Sign in" }).ClickAsync();
    }

    public ILocator Heading(string name) => Page.GetByRole(AriaRole.Heading, new() { Name = name, Level = 1 });

    public ValueTask DisposeAsync() => context.DisposeAsync();
}
