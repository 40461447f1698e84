using System.Globalization;
using System.Text;

namespace DevOps.Pipelines;

/// <summary>Service messages of TeamCity.</summary>
/// <remarks>Source: jetbrains.com/help/teamcity, "Service Messages", "Escaped Values", "Blocks of Service Messages", "Reporting Messages to Build Log", "Reporting Build Problems" (an identity has at most 60 characters).</remarks>
internal sealed class TeamCityMarkup : ILogMarkup
{
    public string Open(JobResult job, string title) => $"##teamcity[blockOpened name='{Value(job.Name)}' description='{Value(title)}']";

    public string Close(JobResult job) => $"##teamcity[blockClosed name='{Value(job.Name)}']";

    public string Problem(JobResult job) => $"##teamcity[buildProblem description='{Value($"{job.Name} {job.Outcome.Told()}: {job.Reason}")}' identity='{Value(job.Name[..Math.Min(job.Name.Length, 60)])}']";

    public string Warning(JobResult job) => $"##teamcity[message text='{Value($"{job.Name} {job.Outcome.Told()}: {job.Reason}")}' status='WARNING']";

    // A line that holds a message would be taken for one; as the text of a message it is not.
    public string Line(string text) => text.Contains("##teamcity", StringComparison.OrdinalIgnoreCase) ? $"##teamcity[message text='{Value(text)}']" : text;

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
