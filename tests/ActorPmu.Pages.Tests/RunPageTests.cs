using System.Text.Json;
using Microsoft.Playwright;

namespace ActorPmu.Pages.Tests;

public sealed class RunPageTests(RunPageFixture fixture) : IClassFixture<RunPageFixture>
{
    private const string Picked = ".row.picked";

    [ChromiumFact]
    public async Task The_page_runs_without_an_error_and_asks_the_network_for_nothing()
    {
        await using IBrowserContext context = await fixture.Browser!.NewContextAsync();
        IPage page = await context.NewPageAsync();
        List<string> wrong = [];
        List<string> asked = [];
        page.Console += (_, message) => wrong.Add(message.Text);
        page.PageError += (_, error) => wrong.Add(error);
        page.Request += (_, request) => asked.Add(request.Url);
        await page.GotoAsync(fixture.Url);
        foreach (string key in (string[])["j", "k", "r", "a", "Home", "End", "a", "x"])
        {
            await page.Keyboard.PressAsync(key);
        }

        Assert.Empty(wrong);
        Assert.Equal([fixture.Url], asked);
    }

    [ChromiumFact]
    public async Task Every_lane_and_every_step_that_says_something_is_drawn()
    {
        await using IBrowserContext context = await fixture.Browser!.NewContextAsync();
        IPage page = await Open(context);
        using JsonDocument run = JsonDocument.Parse(await page.Locator("#run").TextContentAsync() ?? "");
        string[] lanes = [.. run.RootElement.GetProperty("lanes").EnumerateArray().Select(l => l.GetProperty("name").GetString()!)];
        JsonElement[] steps = [.. run.RootElement.GetProperty("steps").EnumerateArray()];

        Assert.Equal("user-beside-kernel with v6", await page.TitleAsync());
        Assert.Contains("counts-exact: U counts 15 when read on cpu/0; the truth is 20", await page.Locator("#violations li").AllTextContentsAsync());
        Assert.Equal(lanes.Concat(["task", "IRQ", "NMI"]).Order(), (await page.Locator(".head text").AllTextContentsAsync()).Order());
        Assert.Equal(steps.Count(s => !s.GetProperty("quiet").GetBoolean()), await page.Locator(".row").CountAsync());
        await page.Keyboard.PressAsync("a");
        Assert.Equal(steps.Length, await page.Locator(".row").CountAsync());
    }

    [ChromiumFact]
    public async Task Keys_buttons_and_clicks_go_from_step_to_step_and_the_details_follow()
    {
        await using IBrowserContext context = await fixture.Browser!.NewContextAsync();
        IPage page = await Open(context);

        await page.Keyboard.PressAsync("Home");
        Assert.Equal("1", await Number(page));
        await page.Keyboard.PressAsync("j");
        Assert.Equal("2", await Number(page));
        await page.Locator("button[data-key=j]").ClickAsync();
        Assert.Equal("4", await Number(page));
        Assert.StartsWith("step 4  allocator/0: kmalloc: ok", await page.Locator("#details").TextContentAsync(), StringComparison.Ordinal);
        await page.Keyboard.PressAsync("k");
        Assert.Equal("2", await Number(page));
        await page.Locator(".row", new() { HasText = "pmu->add K'" }).ClickAsync();
        Assert.Equal("59", await Number(page));
        Assert.EndsWith("#s59", page.Url, StringComparison.Ordinal);
        await page.Keyboard.PressAsync("End");
        Assert.Equal("96", await Number(page));
        Assert.Equal(1, await page.Locator(Picked).CountAsync());
    }

    [ChromiumFact]
    public async Task An_address_with_a_step_opens_the_page_there_and_shows_it_above_the_bar()
    {
        await using IBrowserContext context = await fixture.Browser!.NewContextAsync(new() { ViewportSize = new() { Width = 390, Height = 740 } });
        IPage page = await Open(context, "#s60");

        Assert.Equal("60", await Number(page));
        LocatorBoundingBoxResult row = (await page.Locator(Picked + " .label").BoundingBoxAsync())!;
        LocatorBoundingBoxResult bar = (await page.Locator("footer").BoundingBoxAsync())!;
        Assert.InRange(row.Y + row.Height, 1, bar.Y);
    }

    [ChromiumFact]
    public async Task On_a_narrow_screen_the_page_is_no_wider_and_the_words_begin_on_it()
    {
        await using IBrowserContext context = await fixture.Browser!.NewContextAsync(new() { ViewportSize = new() { Width = 390, Height = 740 } });
        IPage page = await Open(context);

        Assert.Equal(390, await page.EvaluateAsync<int>("document.documentElement.scrollWidth"));
        Assert.InRange((await page.Locator(".row .label").First.BoundingBoxAsync())!.X, 0, 100);
        Assert.True(await page.EvaluateAsync<bool>("[...document.querySelectorAll('button')].filter(b => !b.hidden).every(b => b.getBoundingClientRect().right <= 390)"));
        Assert.Equal("12px", await page.EvaluateAsync<string>("getComputedStyle(document.querySelector('.row .label')).fontSize"));
    }

    [ChromiumFact]
    public async Task Without_scripts_the_steps_stand_in_a_table()
    {
        await using IBrowserContext context = await fixture.Browser!.NewContextAsync(new() { JavaScriptEnabled = false });
        IPage page = await Open(context);

        Assert.Equal(96, await page.Locator("noscript tbody tr, tbody tr").CountAsync());
    }

    private static async Task<string?> Number(IPage page) => await page.Locator(Picked + " .number").TextContentAsync();

    private async Task<IPage> Open(IBrowserContext context, string step = "")
    {
        IPage page = await context.NewPageAsync();
        await page.GotoAsync(fixture.Url + step);
        return page;
    }
}
