using System.Collections.Immutable;

namespace DevOps.Pipelines;

/// <summary>Reads and writes the values of a parameter as text: the same on every machine, whatever its culture and time zone.</summary>
/// <typeparam name="T">The values' type.</typeparam>
/// <remarks><see cref="ParameterCodecs"/> has those of common types. Immutable.</remarks>
public sealed class ParameterCodec<T>
{
    private readonly Func<string, T> _parse;
    private readonly Func<T, string> _format;

    /// <summary>Creates a codec.</summary>
    /// <param name="kind">The kind of value in a word or two, as <c>whole number</c>.</param>
    /// <param name="parse">Makes a value of a text. It tells a wrong one with a <see cref="FormatException"/>, an <see cref="OverflowException"/> or an <see cref="ArgumentException"/>; what these say is not shown.</param>
    /// <param name="format">Makes a text of a value, of which the first function makes the same value again.</param>
    public ParameterCodec(string kind, Func<string, T> parse, Func<T, string> format)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(kind);
        ArgumentNullException.ThrowIfNull(parse);
        ArgumentNullException.ThrowIfNull(format);
        (Kind, _parse, _format) = (kind, parse, format);
    }

    /// <summary>Gets the kind of value in a word or two.</summary>
    public string Kind { get; }

    internal bool IsSecret { get; init; }

    internal bool IsList { get; init; }

    internal ImmutableArray<string> Choices { get; init; } = [];

    internal string Format(T value) => _format(value);

    /// <exception cref="FormatException">The text is no such value; the message goes behind the parameter's name, and shows the text unless it is secret.</exception>
    internal T Parse(string text)
    {
        try
        {
            return _parse(text);
        }
        catch (Exception e) when (e is FormatException or OverflowException or ArgumentException)
        {
            string expected = Choices.IsEmpty ? $"a {Kind}" : $"one of {string.Join(", ", Choices)}";
            throw new FormatException(IsSecret ? $"is not {expected}" : $"is '{Shown(text)}' and not {expected}");
        }
    }

    private static string Shown(string text) => text.Length <= 100 ? text : $"{text.AsSpan(0, 100)}…";
}
