namespace DevOps.Pipelines;

/// <summary>Workflow commands of GitHub Actions.</summary>
/// <remarks>Source: docs.github.com, "Workflow commands for GitHub Actions"; the escaping is that of the runner's toolkit (@actions/core, command.ts).</remarks>
internal sealed class GitHubMarkup : ILogMarkup
{
    public string Open(JobResult job, string title) => $"::group::{Data(title)}";

    public string Close(JobResult job) => "::endgroup::";

    public string Problem(JobResult job) => Annotation("error", job);

    public string Warning(JobResult job) => Annotation("warning", job);

    // The runner takes a line that starts with two colons, and one that has "##[" anywhere, for a command.
    public string Line(string text)
    {
        string line = text.Replace("##[", "## [", StringComparison.Ordinal);
        return line.AsSpan().TrimStart().StartsWith("::") ? $"| {line}" : line;
    }

    private static string Annotation(string level, JobResult job) => $"::{level} title={Property($"{job.Name} {job.Outcome.Told()}")}::{Data(job.Reason ?? job.Outcome.Told())}";

    internal static string Data(string text) => text.Replace("%", "%25", StringComparison.Ordinal).Replace("\r", "%0D", StringComparison.Ordinal).Replace("\n", "%0A", StringComparison.Ordinal);

    internal static string Property(string text) => Data(text).Replace(":", "%3A", StringComparison.Ordinal).Replace(",", "%2C", StringComparison.Ordinal);
}
