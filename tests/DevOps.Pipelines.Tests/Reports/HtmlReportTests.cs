using System.Collections.Immutable;
using System.Globalization;
using System.Text.RegularExpressions;
using System.Xml.Linq;

namespace DevOps.Pipelines.Tests;

public sealed partial class HtmlReportTests
{
    private const string Attack = "<script>alert(1)</script><img src=x onerror=\"alert('2')\"> & \"quoted\" 'single' </pre></title></style>";
    private static readonly DateTimeOffset Noon = new(2026, 1, 1, 12, 0, 0, TimeSpan.Zero);

    [Fact]
    public void Write_HostileTexts_AreShownAsText()
    {
        JobResult job = new()
        {
            Name = Attack,
            Needs = [Attack],
            Outcome = Outcome.Failure,
            StartedAt = Noon,
            Reason = Attack,
            Log = [new(Noon, LogSource.Job, Attack), new(Noon, LogSource.Error, Attack)],
        };
        JobResult skipped = new() { Name = "skipped", Needs = [Attack], Outcome = Outcome.Skipped, Reason = $"needs '{Attack}'" };
        ReportTable table = new(Attack, [Attack], [[Attack]]);
        string page = HtmlReport.Write(Result(job, skipped) with { Pipeline = Attack }, table);

        Assert.DoesNotContain("<script", page, StringComparison.OrdinalIgnoreCase);
        Assert.DoesNotContain("<img", page, StringComparison.OrdinalIgnoreCase);
        XElement html = Parse(page);
        Assert.Equal($"{Attack}: Failure", html.Element("head")!.Element("title")!.Value);
        Assert.Equal($"{Attack} Failure", Body(html).Element("h1")!.Value);
        Assert.Equal([Attack, Attack], html.Descendants("span").Where(span => span.Attribute("class")!.Value is "line" or "error").Select(span => span.Value));
        Assert.Equal(["Timeline", Attack, "Logs"], html.Descendants("h2").Select(heading => heading.Value));
        XElement[] tables = [.. Body(html).Elements("table")];
        Assert.Equal([$"Failure {Attack}", Attack, "0.0 s", ""], Cells(tables[0], 1));
        Assert.Equal(["Skipped skipped", Attack, "", $"needs '{Attack}'"], Cells(tables[0], 2));
        Assert.Equal(Attack, tables[1].Descendants("th").Single().Value);
        Assert.Equal([Attack], Cells(tables[1], 1));
        Assert.StartsWith($"{Attack} (2 lines)", html.Descendants("summary").Single().Value, StringComparison.Ordinal);
    }

    [Fact] // Source: Content Security Policy Level 3: what no directive allows, default-src 'none' forbids.
    public void Write_Page_ForbidsScriptsAndReachesForNothing()
    {
        XElement html = Parse(HtmlReport.Write(Result(Job("a", Outcome.Success, "see https://example.org/ <a href='https://example.org'>"))));

        XElement policy = html.Descendants("meta").Single(meta => meta.Attribute("http-equiv")?.Value == "Content-Security-Policy");
        Assert.Equal("default-src 'none'; style-src 'unsafe-inline'", policy.Attribute("content")!.Value);
        string[] attributes = ["src", "href", "srcset", "data", "action", "poster", "background"];
        Assert.DoesNotContain(html.Descendants().Attributes(), attribute => attributes.Contains(attribute.Name.LocalName) || attribute.Name.LocalName.StartsWith("on", StringComparison.Ordinal));
        Assert.DoesNotContain(html.Descendants(), element => element.Name.LocalName is "script" or "link" or "iframe" or "object" or "base" or "form" or "svg");
        string style = html.Descendants("style").Single().Value;
        Assert.DoesNotContain("url(", style, StringComparison.OrdinalIgnoreCase);
        Assert.DoesNotContain("@import", style, StringComparison.OrdinalIgnoreCase);
    }

    [Fact]
    public void Write_NoJobs_IsAPage()
    {
        XElement html = Parse(HtmlReport.Write(Result()));
        Assert.Equal("2026-01-01 12:00:00 UTC, 0.0 s, 0 jobs", Body(html).Element("p")!.Value);
        Assert.Single(html.Descendants("tr"));
        Assert.Empty(html.Descendants("details"));
    }

    [Fact]
    public void Write_JobsThatDidNotStart_HaveAReasonAndNoLog()
    {
        JobResult[] jobs =
        [
            Job("failed", Outcome.Failure, "why"),
            new() { Name = "skipped", Needs = ["failed", "other"], Outcome = Outcome.Skipped, Reason = "needs 'failed', which failed" },
            new() { Name = "cancelled", Needs = [], Outcome = Outcome.Cancelled, Reason = "the run was cancelled before it could start" },
            new() { Name = "without reason", Needs = [], Outcome = Outcome.Skipped },
        ];
        XElement html = Parse(HtmlReport.Write(Result(jobs)));
        XElement timeline = html.Descendants("table").Single();

        Assert.Equal(["Skipped skipped", "failed, other", "", "needs 'failed', which failed"], Cells(timeline, 2));
        Assert.Equal(["Cancelled cancelled", "", "", "the run was cancelled before it could start"], Cells(timeline, 3));
        Assert.Equal(["Skipped without reason", "", "", ""], Cells(timeline, 4));
        Assert.Equal(["failed (1 line)"], html.Descendants("summary").Select(summary => summary.Value));
        Assert.NotNull(html.Descendants("details").Single().Attribute("open"));
    }

    [Fact]
    public void Write_Times_AreLaidOutOverTheRun()
    {
        JobResult[] jobs =
        [
            Job("first", Outcome.Success) with { Duration = TimeSpan.FromSeconds(50) },
            Job("second", Outcome.Success) with { StartedAt = Noon.AddSeconds(50), Duration = TimeSpan.FromSeconds(150) },
            Job("instant", Outcome.Cancelled) with { StartedAt = Noon.AddSeconds(100) },
        ];
        XElement html = Parse(HtmlReport.Write(Result(jobs) with { Duration = TimeSpan.FromSeconds(200) }));

        Assert.Equal(
            [("bar success", "margin-left:0.00%;width:25.00%"), ("bar success", "margin-left:25.00%;width:75.00%"), ("bar cancelled", "margin-left:50.00%;width:0.30%")],
            html.Descendants("div").Select(bar => (bar.Attribute("class")!.Value, bar.Attribute("style")!.Value)));
        Assert.Equal(["50.0 s", "2 min 30 s", "0.0 s"], html.Descendants("td").Where(cell => cell.Attribute("class")?.Value == "number").Select(cell => cell.Value));
    }

    [Theory] // Deploying takes an hour, telling of it a second: the last bar starts behind 99.7 % of the run.
    [InlineData(3590, 10)]
    [InlineData(3599, 1)]
    [InlineData(3600, 0)]
    public void Write_JobAtTheVeryEnd_HasABarInsideThePage(int startSeconds, int seconds)
    {
        JobResult job = Job("announce", Outcome.Success) with { StartedAt = Noon.AddSeconds(startSeconds), Duration = TimeSpan.FromSeconds(seconds) };
        XElement html = Parse(HtmlReport.Write(Result(job) with { Duration = TimeSpan.FromHours(1) }));
        Match bar = BarStyle().Match(html.Descendants("div").Single().Attribute("style")!.Value);
        Assert.True(bar.Success);
        Assert.InRange(double.Parse(bar.Groups[1].Value, CultureInfo.InvariantCulture) + double.Parse(bar.Groups[2].Value, CultureInfo.InvariantCulture), 99.6, 100.4);
    }

    [Fact]
    public void Write_Log_KeepsOrderTimeAndSource()
    {
        JobResult job = Job("a", Outcome.Success) with
        {
            Log = [new(Noon.AddSeconds(1.5), LogSource.Job, "one"), new(Noon.AddSeconds(70), LogSource.Error, "  two  "), new(Noon.AddSeconds(71), LogSource.Output, "")],
        };
        XElement log = Parse(HtmlReport.Write(Result(job))).Descendants("pre").Single();
        Assert.Equal("   1.500 one\n  70.000   two  \n  71.000 \n", log.Value);
        Assert.Equal(["time", "line", "time", "error", "time", "line"], log.Elements().Select(span => span.Attribute("class")!.Value));
    }

    [Fact]
    public void Write_SeveralTables_ComeInOrder()
    {
        ReportTable empty = new("empty", ["a", "b"], ImmutableArray<ImmutableArray<string>>.Empty);
        ReportTable full = new("full", ["a", "b"], [["1", "2"], ["3", "4"]]);
        XElement html = Parse(HtmlReport.Write(Result(), empty, full));

        Assert.Equal(["Timeline", "empty", "full", "Logs"], html.Descendants("h2").Select(heading => heading.Value));
        XElement last = Body(html).Elements("table").Last();
        Assert.Equal([["1", "2"], ["3", "4"]], new[] { Cells(last, 1), Cells(last, 2) });
    }

    [Fact]
    public async Task Write_RealRun_IsWellFormed()
    {
        PipelineBuilder builder = new("ship");
        Job build = builder.AddJob("build", job =>
        {
            job.Log("one\ntwo");
            throw new InvalidOperationException("<broken>");
        });
        builder.AddJob("push", _ => Task.CompletedTask).Needs(build);
        PipelineResult result = await builder.Build().RunAsync(cancellationToken: TestContext.Current.CancellationToken);
        Assert.Equal(2, Parse(HtmlReport.Write(result)).Descendants("td").Count(cell => cell.Value.EndsWith("build", StringComparison.Ordinal)));
    }

    [Fact]
    public void Write_SameRun_IsTheSamePage() =>
        Assert.Equal(HtmlReport.Write(Result(Job("a", Outcome.Success, "x"))), HtmlReport.Write(Result(Job("a", Outcome.Success, "x"))));

    [Fact]
    public void Write_Null_IsRefused()
    {
        Assert.Throws<ArgumentNullException>(() => HtmlReport.Write(null!));
        Assert.Throws<ArgumentNullException>(() => HtmlReport.Write(Result(), (IEnumerable<ReportTable>)null!));
    }

    // The page is XML but for its doctype, its void elements and the attribute without a value.
    private static XElement Parse(string page)
    {
        Assert.StartsWith("<!DOCTYPE html>\n", page, StringComparison.Ordinal);
        string xml = VoidElement().Replace(page["<!DOCTYPE html>\n".Length..], "$1/>").Replace("<details open>", "<details open=\"\">", StringComparison.Ordinal);
        return XElement.Parse(xml, LoadOptions.PreserveWhitespace);
    }

    private static XElement Body(XElement html) => html.Element("body")!;

    private static string[] Cells(XElement table, int row) => [.. table.Elements("tr").ElementAt(row).Elements("td").Select(cell => cell.Value)];

    private static JobResult Job(string name, Outcome outcome, params string[] log) =>
        new() { Name = name, Needs = [], Outcome = outcome, StartedAt = Noon, Log = [.. log.Select(line => new LogLine(Noon, LogSource.Output, line))] };

    private static PipelineResult Result(params JobResult[] jobs) => new()
    {
        Pipeline = "ship",
        Outcome = jobs.Select(job => job.Outcome).DefaultIfEmpty(Outcome.Success).Max(),
        StartedAt = Noon,
        Duration = TimeSpan.Zero,
        Jobs = [.. jobs],
    };

    [GeneratedRegex("(<meta [^>]*)>")]
    private static partial Regex VoidElement();

    [GeneratedRegex(@"^margin-left:([0-9.]+)%;width:([0-9.]+)%\z")]
    private static partial Regex BarStyle();
}
