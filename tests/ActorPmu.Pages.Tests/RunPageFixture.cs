using ActorPmu.Cli;
using Microsoft.Playwright;

namespace ActorPmu.Pages.Tests;

/// <summary>A browser, and the page that explore draws of v6 in user-beside-kernel.</summary>
public sealed class RunPageFixture : IAsyncLifetime
{
    private readonly string _folder = Directory.CreateTempSubdirectory("actorpmu-pages-").FullName;
    private IPlaywright? _playwright;

    /// <summary>The browser; null where none is installed.</summary>
    public IBrowser? Browser { get; private set; }

    /// <summary>Where the page is.</summary>
    public string Url => new Uri(Path.Combine(_folder, "run.html")).AbsoluteUri;

    public async Task InitializeAsync()
    {
        if (ChromiumFactAttribute.Browser is not { } chromium)
        {
            return;
        }

        await CommandLine.Run(
            ["explore", Repository.Of("config/scenarios/user-beside-kernel.yaml"), "-d", "v6", "-o", _folder, "--html", Path.Combine(_folder, "run.html")],
            TextWriter.Null, TextWriter.Null, CancellationToken.None);
        _playwright = await Playwright.CreateAsync();

        // Without a sandbox of its own: root in a container has none, and the page is ours.
        Browser = await _playwright.Chromium.LaunchAsync(new() { ExecutablePath = chromium, Args = ["--no-sandbox", "--disable-dev-shm-usage"] });
    }

    public async Task DisposeAsync()
    {
        if (Browser is not null)
        {
            await Browser.DisposeAsync();
        }

        _playwright?.Dispose();
        Directory.Delete(_folder, recursive: true);
    }
}
