using System.Runtime.CompilerServices;

namespace DevOps.Pipelines.Tests.Outcomes;

/// <summary>Reads the tables of docs/outcomes.md.</summary>
internal static class OutcomePage
{
    internal static IEnumerable<string[]> Rows(string table, [CallerFilePath] string here = "") =>
        File.ReadLines(Path.Combine(Path.GetDirectoryName(here)!, "..", "..", "..", "docs", "outcomes.md"))
            .SkipWhile(line => line != $"<!-- table: {table} -->")
            .Skip(3)
            .TakeWhile(line => line.StartsWith('|'))
            .Select(line => line.Trim('|').Split('|', StringSplitOptions.TrimEntries));
}
