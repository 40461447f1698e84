using System.Text;

namespace DevOps.Benchmarks.Comparison;

/// <summary>A page of results as Markdown.</summary>
internal sealed class Report
{
    private readonly StringBuilder _text = new();

    internal void Line(string line = "") => _text.Append(line).Append('\n');

    internal void Title(string title)
    {
        Line($"# {title}");
        Line();
    }

    internal void Section(string title)
    {
        Line();
        Line($"## {title}");
        Line();
    }

    /// <summary>Begins a table; columns behind the first hold numbers.</summary>
    internal void Header(params string[] columns)
    {
        Row(columns);
        Row([.. columns.Select((_, i) => i == 0 ? "---" : "---:")]);
    }

    internal void Row(params string[] cells) => Line($"| {string.Join(" | ", cells)} |");

    /// <summary>Prints the page, and writes it to a file if one is named.</summary>
    internal void Publish(string? file)
    {
        Console.Write(_text);
        if (file is not null)
        {
            File.WriteAllText(file, _text.ToString());
        }
    }
}
