using System.Globalization;
using System.Net;
using System.Text;

namespace DevOps.Pipelines;

/// <summary>Writes a run as one HTML page that needs nothing else: a timeline of the jobs, tables, and the logs.</summary>
/// <remarks>Every text is encoded, and the page forbids scripts: a log can hold anything.</remarks>
public static class HtmlReport
{
    /// <summary>Returns the page.</summary>
    /// <param name="result">The run.</param>
    /// <param name="tables">Further tables, shown between the timeline and the logs.</param>
    public static string Write(PipelineResult result, params IEnumerable<ReportTable> tables)
    {
        ArgumentNullException.ThrowIfNull(result);
        ArgumentNullException.ThrowIfNull(tables);
        StringBuilder page = new();
        page.Append("<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n")
            .Append("<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src 'unsafe-inline'\">\n")
            .Append("<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n")
            .Append(CultureInfo.InvariantCulture, $"<title>{Text(result.Pipeline)}: {result.Outcome}</title>\n<style>\n{ReportStyle.Css}</style>\n</head>\n<body>\n")
            .Append(CultureInfo.InvariantCulture, $"<h1>{Text(result.Pipeline)} <span class=\"badge {Class(result.Outcome)}\">{result.Outcome}</span></h1>\n")
            .Append(CultureInfo.InvariantCulture, $"<p>{result.StartedAt.UtcDateTime:yyyy-MM-dd HH:mm:ss} UTC, {Time(result.Duration)}, {result.Jobs.Length} jobs</p>\n");
        WriteTimeline(page, result);
        foreach (ReportTable table in tables)
        {
            WriteTable(page, table);
        }

        WriteLogs(page, result);
        return page.Append("</body>\n</html>\n").ToString();
    }

    private static void WriteTimeline(StringBuilder page, PipelineResult result)
    {
        double whole = Math.Max(result.Duration.TotalMilliseconds, 1);
        page.Append("<h2>Timeline</h2>\n<table class=\"timeline\">\n<tr><th>Job</th><th>Needs</th><th>Time</th><th class=\"wide\"></th></tr>\n");
        foreach (JobResult job in result.Jobs)
        {
            page.Append(CultureInfo.InvariantCulture, $"<tr><td><span class=\"badge {Class(job.Outcome)}\">{job.Outcome}</span> {Text(job.Name)}{Note(job)}</td><td>{Text(string.Join(", ", job.Needs))}</td>");
            if (job.StartedAt is { } startedAt)
            {
                // Every bar can be seen, also that of a short job at the very end.
                double left = Math.Clamp((startedAt - result.StartedAt).TotalMilliseconds / whole * 100, 0, 99.7);
                double width = Math.Max(0.3, Math.Min(job.Duration.TotalMilliseconds / whole * 100, 100 - left));
                page.Append(CultureInfo.InvariantCulture, $"<td class=\"number\">{Time(job.Duration)}</td><td class=\"wide\"><div class=\"bar {Class(job.Outcome)}\" style=\"margin-left:{left:F2}%;width:{width:F2}%\"></div></td></tr>\n");
            }
            else
            {
                page.Append(CultureInfo.InvariantCulture, $"<td></td><td class=\"wide\">{Text(job.Reason ?? "")}</td></tr>\n");
            }
        }

        page.Append("</table>\n");
    }

    private static void WriteTable(StringBuilder page, ReportTable table)
    {
        page.Append(CultureInfo.InvariantCulture, $"<h2>{Text(table.Title)}</h2>\n<table>\n<tr>{string.Concat(table.Columns.Select(column => $"<th>{Text(column)}</th>"))}</tr>\n");
        foreach (IEnumerable<string> row in table.Rows)
        {
            page.Append(CultureInfo.InvariantCulture, $"<tr>{string.Concat(row.Select(cell => $"<td>{Text(cell)}</td>"))}</tr>\n");
        }

        page.Append("</table>\n");
    }

    private static void WriteLogs(StringBuilder page, PipelineResult result)
    {
        page.Append("<h2>Logs</h2>\n");
        foreach (JobResult job in result.Jobs.Where(job => job.StartedAt is not null))
        {
            page.Append(CultureInfo.InvariantCulture, $"<details{(job.Outcome.IsFailed() ? " open" : "")}><summary>{Text(job.Name)} ({job.Log.Length} {(job.Log.Length == 1 ? "line" : "lines")})</summary><pre>");
            foreach (LogLine line in job.Log)
            {
                page.Append(CultureInfo.InvariantCulture, $"<span class=\"time\">{(line.At - result.StartedAt).TotalSeconds,8:F3}</span> <span class=\"{(line.Source == LogSource.Error ? "error" : "line")}\">{Text(line.Text)}</span>\n");
            }

            page.Append("</pre></details>\n");
        }
    }

    private static string Note(JobResult job) => job switch
    {
        { IsCached: true } => " (cached)",
        { IsRestored: true } => " (from before)",
        { Attempts.Length: > 1 } => string.Create(CultureInfo.InvariantCulture, $" ({job.Attempts.Length} attempts)"),
        _ => "",
    };

    private static string Class(Outcome outcome) => outcome switch
    {
        Outcome.Success => "success",
        Outcome.Unstable => "unstable",
        Outcome.Failure or Outcome.TimedOut => "failure",
        Outcome.Cancelled => "cancelled",
        _ => "skipped",
    };

    private static string Time(TimeSpan time) => TimeText.Write(time);

    // A log can hold anything; what would steer a terminal or break a parser is shown as a mark.
    private static string Text(string text) => WebUtility.HtmlEncode(new string([.. text.Select(c => char.IsControl(c) && c is not ('\n' or '\t') ? '\uFFFD' : c)]));
}
