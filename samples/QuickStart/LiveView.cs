using System.Collections.Concurrent;
using System.Diagnostics;
using System.Globalization;
using DevOps.Pipelines;
using Spectre.Console;

namespace QuickStart;

/// <summary>Shows a run as a table that moves: a line for each job, with its time and what it is doing.</summary>
internal sealed class LiveView(Pipeline pipeline) : IProgress<PipelineEvent>
{
    private static readonly string[] Spinner = ["⠋", "⠙", "⠹", "⠸", "⠼", "⠴", "⠦", "⠧", "⠇", "⠏"];

    private readonly ConcurrentDictionary<string, JobLine> _lines = new(pipeline.Jobs.Select(job => KeyValuePair.Create(job.Name, new JobLine(null, null, ""))));

    public void Report(PipelineEvent value)
    {
        _lines.AddOrUpdate(value.Job, _ => new(null, null, ""), (_, line) => value switch
        {
            JobStarted => line with { Clock = Stopwatch.StartNew() },
            JobLogged logged when logged.Line.Text.Length > 0 => line with { Text = logged.Line.Text },
            JobStatusChanged changed => line with { Text = changed.Status },
            JobFinished { Result: var result } => line with { Result = result, Text = result.Reason?.Split('\n')[0] ?? line.Text },
            _ => line,
        });
    }

    /// <summary>Draws until the run has ended.</summary>
    internal async Task ShowAsync(IAnsiConsole console, Task run)
    {
        await console.Live(Draw(0, console.Profile.Width)).StartAsync(async context =>
        {
            for (int frame = 0; !run.IsCompleted; frame++)
            {
                context.UpdateTarget(Draw(frame, console.Profile.Width));
                await Task.WhenAny(run, Task.Delay(100));
            }

            context.UpdateTarget(Draw(0, console.Profile.Width));
        });
    }

    private Table Draw(int frame, int width)
    {
        Table table = new Table().NoBorder().HideHeaders().AddColumns("", "job", "time", "text");
        foreach (Job job in pipeline.Jobs)
        {
            JobLine line = _lines[job.Name];
            string mark = line switch
            {
                { Result.Outcome: Outcome.Success } => "[green]✓[/]",
                { Result.Outcome: Outcome.Failure } => "[red]✗[/]",
                { Result: not null } => "[grey]–[/]",
                { Clock: not null } => $"[blue]{Spinner[frame % Spinner.Length]}[/]",
                _ => " ",
            };
            TimeSpan? time = line.Result is { StartedAt: not null } result ? result.Duration : line.Clock?.Elapsed;
            string text = line.Text.Length > Math.Max(20, width - 32) ? line.Text[..Math.Max(20, width - 32)] + "…" : line.Text;
            table.AddRow(
                mark,
                Markup.Escape(job.Name),
                time is { } elapsed ? string.Create(CultureInfo.InvariantCulture, $"{elapsed.TotalSeconds,6:F1} s") : "",
                $"[{(line.Result?.Outcome == Outcome.Failure ? "red" : "grey")}]{Markup.Escape(PlainView.Printable(text).Replace('\n', ' '))}[/]");
        }

        return table;
    }

    private sealed record JobLine(Stopwatch? Clock, JobResult? Result, string Text);
}
