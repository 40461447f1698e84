namespace Cli;

/// <summary>An option of a command.</summary>
/// <param name="Name">The name as it is written, as <c>--limit</c>.</param>
/// <param name="Value">What the value is called in the help; <see langword="null"/> when there is none.</param>
/// <param name="Help">What it does, in a line.</param>
internal sealed record Option(string Name, string? Value, string Help)
{
    internal static Option Json { get; } = new("--json", null, "prints one JSON object instead of text, an error too");

    internal static Option Quiet { get; } = new("--quiet", null, "prints no progress and no notes") { Short = "-q" };

    internal static Option HelpText { get; } = new("--help", null, "prints this") { Short = "-h" };

    internal static Option Insecure { get; } = new("--insecure", "HOST[:PORT]", "a registry that may be spoken to without TLS; those on loopback need it not") { Repeats = true };

    internal static Option Progress { get; } = new("--progress", "auto|plain|none", "a bar on a terminal and lines elsewhere (auto), lines always, or nothing");

    internal string? Short { get; init; }

    internal bool Repeats { get; init; }

    internal bool IsCalled(string word) => word == Name || word == Short;

    internal string Heading => $"{(Short is null ? "" : Short + ", ")}{Name}{(Value is null ? "" : " " + Value)}{(Repeats ? " ..." : "")}";
}
