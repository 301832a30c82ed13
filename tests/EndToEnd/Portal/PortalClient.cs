using System.Globalization;
using System.Net;
using System.Text.RegularExpressions;

namespace Gatehouse.EndToEnd.Portal;

/// <summary>The portal's server-rendered pages as a browser without scripts gets them: cookies, forms, redirects.</summary>
internal sealed partial class PortalClient : IDisposable
{
    private readonly HttpClient http;

    public PortalClient(int port) => http = new HttpClient(new HttpClientHandler { CookieContainer = new CookieContainer() })
    {
        BaseAddress = new Uri(string.Create(CultureInfo.InvariantCulture, $"http://127.0.0.1:{port}")),
        Timeout = TimeSpan.FromSeconds(20),
    };

    /// <summary>Opens a page, signed in or not, and follows where it leads.</summary>
    public async Task<PortalPage> OpenAsync(string path) => await PortalPage.ReadAsync(await http.GetAsync(path));

    /// <summary>Fills in the form of the sign-in page.</summary>
    public async Task<PortalPage> SignInAsync(string email, string password, string returnUrl = "/")
    {
        var address = $"/sign-in?returnUrl={Uri.EscapeDataString(returnUrl)}";
        var page = await OpenAsync(address);
        return await PostAsync(address, page, new() { ["_handler"] = "sign-in", ["Input.Email"] = email, ["Input.Password"] = password });
    }

    /// <summary>Presses the button on a page.</summary>
    public Task<PortalPage> SignOutAsync(PortalPage page) => PostAsync("/sign-out", page, []);

    private async Task<PortalPage> PostAsync(string address, PortalPage page, Dictionary<string, string> fields)
    {
        fields["__RequestVerificationToken"] = AntiforgeryToken().Match(page.Html).Groups["token"].Value;
        using var form = new FormUrlEncodedContent(fields);
        return await PortalPage.ReadAsync(await http.PostAsync(address, form));
    }

    [GeneratedRegex("name=\"__RequestVerificationToken\" value=\"(?<token>[^\"]+)\"")]
    private static partial Regex AntiforgeryToken();

    public void Dispose() => http.Dispose();
}

/// <summary>A page as it arrived.</summary>
/// <param name="Status">HTTP status at the end of the redirects.</param>
/// <param name="Path">Where the redirects led.</param>
/// <param name="Html">The page.</param>
internal sealed partial record PortalPage(HttpStatusCode Status, string Path, string Html)
{
    /// <summary>What a person reads on it: no tags, spaces drawn together.</summary>
    public string Text => Spaces().Replace(WebUtility.HtmlDecode(Tags().Replace(Html, "")), " ");

    public static async Task<PortalPage> ReadAsync(HttpResponseMessage response)
    {
        using (response)
            return new PortalPage(response.StatusCode, response.RequestMessage!.RequestUri!.AbsolutePath, await response.Content.ReadAsStringAsync());
    }

    [GeneratedRegex("<[^>]*>")]
    private static partial Regex Tags();

    [GeneratedRegex(@"\s+")]
    private static partial Regex Spaces();
}
