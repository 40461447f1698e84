using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace DevOps.Pipelines;

/// <summary>Collapsible sections of GitLab's job logs.</summary>
/// <remarks>Source: docs.gitlab.com, "Job logs", "Custom collapsible sections": a section's name has letters, digits, <c>_</c>, <c>.</c> and <c>-</c>.</remarks>
internal sealed class GitLabMarkup : ILogMarkup
{
    public string Open(JobResult job, string title) => $"\e[0Ksection_start:{Seconds(job.StartedAt ?? default)}:{Name(job.Name)}[collapsed=true]\r\e[0K{title}";

    public string Close(JobResult job) => $"\e[0Ksection_end:{Seconds((job.StartedAt ?? default) + job.Duration)}:{Name(job.Name)}\r\e[0K";

    // Only the escape sequence makes a section, and text has none.
    public string Line(string text) => text;

    public string? Problem(JobResult job) => null;

    public string? Warning(JobResult job) => null;

    private static string Seconds(DateTimeOffset at) => at.ToUnixTimeSeconds().ToString(CultureInfo.InvariantCulture);

    // Two names that differ only in what is replaced must not share a section.
    private static string Name(string name)
    {
        string plain = new([.. name.Select(c => char.IsAsciiLetterOrDigit(c) || c is '_' or '.' or '-' ? c : '_')]);
        return plain == name ? plain : $"{plain}-{Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(name)).AsSpan(0, 4))}";
    }
}
