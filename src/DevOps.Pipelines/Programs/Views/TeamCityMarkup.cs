using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace DevOps.Pipelines;

/// <summary>Service messages of TeamCity.</summary>
/// <remarks>Source: jetbrains.com/help/teamcity, "Service Messages", "Escaped Values", "Blocks of Service Messages", "Reporting Messages to Build Log", "Reporting Build Problems" (an identity is an identifier of Java of at most 60 characters).</remarks>
internal sealed class TeamCityMarkup : ILogMarkup
{
    public string Open(JobResult job, string title) => $"##teamcity[blockOpened name='{Value(job.Name)}' description='{Value(title)}']";

    public string Close(JobResult job) => $"##teamcity[blockClosed name='{Value(job.Name)}']";

    public string Problem(JobResult job) => $"##teamcity[buildProblem description='{Value($"{job.Name} {job.Outcome.Told()}: {job.Reason}")}' identity='{Identity(job.Name)}']";

    public string Warning(JobResult job) => $"##teamcity[message text='{Value($"{job.Name} {job.Outcome.Told()}: {job.Reason}")}' status='WARNING']";

    // A line that holds a message would be taken for one; as the text of a message it is not.
    public string Line(string text) => text.Contains("##teamcity", StringComparison.OrdinalIgnoreCase) ? $"##teamcity[message text='{Value(text)}']" : text;

    // Two names that differ only in what is replaced, or behind what fits, must not be one problem.
    internal static string Identity(string name)
    {
        string plain = new([.. name.Select(c => char.IsAsciiLetterOrDigit(c) ? c : '_')]);
        return plain == name && name.Length <= 60 && !char.IsAsciiDigit(name[0])
            ? name
            : $"job_{plain[..Math.Min(plain.Length, 47)]}_{Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(name)).AsSpan(0, 4))}";
    }

    internal static string Value(string text)
    {
        StringBuilder value = new(text.Length);
        foreach (char c in text)
        {
            _ = c switch
            {
                '\n' => value.Append("|n"),
                '\r' => value.Append("|r"),
                '\'' or '|' or '[' or ']' => value.Append('|').Append(c),
                > '\x7f' => value.Append(CultureInfo.InvariantCulture, $"|0x{(int)c:X4}"),
                _ => value.Append(c),
            };
        }

        return value.ToString();
    }
}
