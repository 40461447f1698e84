using System.Globalization;
using DevOps.Pipelines;

namespace QuickStart;

/// <summary>Tells of a run in lines, for logs and pipes. Output of processes is shown only of jobs that failed.</summary>
internal sealed class PlainView(TextWriter output) : IProgress<PipelineEvent>
{
    private readonly Lock _lock = new();

    public void Report(PipelineEvent value)
    {
        lock (_lock)
        {
            switch (value)
            {
                case JobLogged { Line.Source: LogSource.Job } logged:
                    Write(value.Job, logged.Line.Text);
                    break;
                case JobFinished { Result: { StartedAt: not null } result }:
                    Write(value.Job, string.Create(CultureInfo.InvariantCulture, $"{Word(result.Outcome)} in {result.Duration.TotalSeconds:F1} s"));
                    break;
                case JobFinished { Result: var result }:
                    Write(value.Job, $"{Word(result.Outcome)}: {result.Reason}");
                    break;
            }
        }
    }

    internal static string Word(Outcome outcome) => outcome switch { Outcome.Success => "done", Outcome.Failure => "failed", Outcome.Cancelled => "cancelled", _ => "skipped" };

    // A commit's subject or a program's output may hold what steers a terminal.
    internal static string Printable(string text) => new([.. text.Select(c => char.IsControl(c) && c is not ('\n' or '\t') ? '\uFFFD' : c)]);

    private void Write(string job, string text) => output.WriteLine($"{job,-10}{Printable(text)}");
}
