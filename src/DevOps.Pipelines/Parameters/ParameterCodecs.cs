using System.Collections.Immutable;
using System.Globalization;

namespace DevOps.Pipelines;

/// <summary>How common types of values are read and written.</summary>
public static class ParameterCodecs
{
    /// <summary>Gets the codec of absolute addresses.</summary>
    public static ParameterCodec<Uri> Uri { get; } = new("URI", text => new(text, UriKind.Absolute), value => value.OriginalString);

    /// <summary>Gets the codec of secrets: any text, which is never shown.</summary>
    internal static ParameterCodec<Secret> Secret { get; } = new("secret", text => new(text), static _ => "") { IsSecret = true };

    /// <summary>Returns the codec of a type that can read itself from text.</summary>
    /// <typeparam name="T">The type, as <see cref="string"/>, <see cref="int"/>, <see cref="bool"/>, <see cref="Guid"/>.</typeparam>
    /// <remarks>
    /// Culture and time zone of the machine do not count. A number has no thousands separators, so that <c>1,5</c> is an error and not 15. A time without an offset is UTC. A <see cref="TimeSpan"/> is written
    /// <c>hh:mm:ss</c>, or as a number with its unit: <c>500ms</c>, <c>30s</c>, <c>5m</c>, <c>2h</c>, <c>1d</c>; a number alone is an error, because it would be one of days.
    /// </remarks>
    public static ParameterCodec<T> Of<T>()
        where T : IParsable<T> => (ParameterCodec<T>?)Known(typeof(T)) ?? new(
            KindOf(typeof(T)),
            text => T.Parse(text, CultureInfo.InvariantCulture),
            value => value is IFormattable known ? known.ToString(null, CultureInfo.InvariantCulture) : value.ToString() ?? "");

    /// <summary>Returns the codec of an enum: the names of its members, in which case, <c>-</c> and <c>_</c> do not count. Numbers are not read.</summary>
    /// <typeparam name="T">The enum.</typeparam>
    public static ParameterCodec<T> Enum<T>()
        where T : struct, Enum
    {
        string[] names = System.Enum.GetNames<T>();
        T[] values = System.Enum.GetValues<T>();
        return new(
            "choice",
            text => values[IndexOf(names, text, name => ParameterNames.Normalize(name) == ParameterNames.Normalize(text))],
            value => System.Enum.GetName(value) ?? throw new FormatException($"{value} has no name."))
        {
            Choices = [.. names],
        };
    }

    /// <summary>Returns the codec of texts of which one is chosen; case does not count, and the value is the choice as it stands here.</summary>
    /// <param name="choices">The choices.</param>
    /// <exception cref="ArgumentException">There is none, or one twice.</exception>
    public static ParameterCodec<string> Choice(params IEnumerable<string> choices)
    {
        ArgumentNullException.ThrowIfNull(choices);
        string[] list = [.. choices];
        if (list.Length == 0 || list.Distinct(StringComparer.OrdinalIgnoreCase).Count() < list.Length)
        {
            throw new ArgumentException("A choice needs values, each once, whatever their case.", nameof(choices));
        }

        return new("choice", text => list[IndexOf(list, text, choice => string.Equals(choice, text, StringComparison.OrdinalIgnoreCase))], value => value) { Choices = [.. list] };
    }

    /// <summary>Returns the codec of lists. Items are separated by commas; or each ends with a line feed, if there is one in the text, and may then hold commas. White space around items does not count; the empty text is the empty list.</summary>
    /// <typeparam name="T">The items' type.</typeparam>
    /// <param name="item">How an item is read and written.</param>
    public static ParameterCodec<ImmutableArray<T>> List<T>(ParameterCodec<T> item)
    {
        ArgumentNullException.ThrowIfNull(item);
        string kind = item.Choices.IsEmpty ? $"list, each a {item.Kind}" : $"list, each one of {string.Join(", ", item.Choices)}";
        return new(kind, text => [.. ListText.Split(text).Select(item.Parse)], values => ListText.Join([.. values.Select(item.Format)])) { IsList = true };
    }

    private static int IndexOf(string[] names, string text, Predicate<string> matches)
    {
        int exact = Array.IndexOf(names, text);
        int index = exact >= 0 ? exact : Array.FindIndex(names, matches);
        return index >= 0 ? index : throw new FormatException("no choice");
    }

    private static object? Known(Type type) =>
        type == typeof(double) ? new ParameterCodec<double>("number", text => double.Parse(text, NumberStyles.Float, CultureInfo.InvariantCulture), value => value.ToString("R", CultureInfo.InvariantCulture)) :
        type == typeof(decimal) ? new ParameterCodec<decimal>("number", text => decimal.Parse(text, NumberStyles.Float, CultureInfo.InvariantCulture), value => value.ToString(CultureInfo.InvariantCulture)) :
        type == typeof(TimeSpan) ? new ParameterCodec<TimeSpan>("duration, as 01:30:00 or 90m", DurationText.Parse, value => value.ToString("c", CultureInfo.InvariantCulture)) :
        type == typeof(DateTimeOffset) ? new ParameterCodec<DateTimeOffset>(
            "date and time", text => DateTimeOffset.Parse(text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal), value => value.ToString("O", CultureInfo.InvariantCulture)) :
        type == typeof(DateTime) ? new ParameterCodec<DateTime>(
            "date and time", text => DateTime.Parse(text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal), value => value.ToString("O", CultureInfo.InvariantCulture)) :
        null;

    private static string KindOf(Type type) =>
        type == typeof(string) ? "text" :
        type == typeof(bool) ? "truth value, true or false" :
        type == typeof(int) || type == typeof(long) || type == typeof(short) || type == typeof(byte) || type == typeof(uint) || type == typeof(ulong) ? "whole number" :
        type == typeof(Guid) ? "GUID" :
        type == typeof(Version) ? "version" :
        type.Name;
}
