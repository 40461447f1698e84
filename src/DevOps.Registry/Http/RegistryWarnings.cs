using System.Collections.Concurrent;
using System.Net.Http.Headers;
using System.Text;
using DevOps.Oci;
using Microsoft.Extensions.Logging;

namespace DevOps.Registry;

/// <summary>Hands on what registries warn of, each text of each registry once.</summary>
/// <remarks>Source: OCI distribution-spec 1.1, "Warnings": code 299, agent <c>-</c>, no date, at most 4096 bytes in an answer. What has another form is no warning.</remarks>
internal sealed partial class RegistryWarnings(RegistryClientOptions options)
{
    private const int MaxLength = 4096;
    private const int MaxTexts = 1000;
    private const string Start = "299 - \"";

    private readonly ConcurrentDictionary<RegistryWarning, bool> _told = new();

    /// <summary>Hands on the warnings of an answer.</summary>
    internal void Report(RegistryAddress registry, HttpResponseMessage response)
    {
        if (!response.Headers.NonValidated.TryGetValues("Warning", out HeaderStringValues headers))
        {
            return;
        }

        int left = MaxLength;
        foreach (string text in headers.SelectMany(Read))
        {
            RegistryWarning warning = new(registry, text.Length > left ? text[..left] : text);
            left -= warning.Text.Length;

            // A registry that always finds other words is not listened to for ever.
            if (warning.Text.Length > 0 && _told.Count < MaxTexts && _told.TryAdd(warning, true))
            {
                LogWarning(options.Logger, registry, warning.Text);
                options.Warnings?.Report(warning);
            }
        }
    }

    /// <summary>Reads the texts of one header. What is malformed ends the reading, what came before stays.</summary>
    internal static IEnumerable<string> Read(string header)
    {
        for (int at = 0; at < header.Length; at++)
        {
            while (at < header.Length && header[at] is ' ' or '\t' or ',')
            {
                at++;
            }

            if (string.CompareOrdinal(header, at, Start, 0, Start.Length) != 0 || ReadQuoted(header, at + Start.Length, out at) is not { } text)
            {
                yield break;
            }

            while (at < header.Length && header[at] is ' ' or '\t')
            {
                at++;
            }

            if (at < header.Length && header[at] != ',')
            {
                // A date, which it must not have, or no warning at all.
                yield break;
            }

            yield return text;
        }
    }

    private static string? ReadQuoted(string header, int from, out int end)
    {
        StringBuilder text = new();
        for (end = from; end < header.Length; end++)
        {
            char c = header[end];
            if (c == '"')
            {
                end++;
                return text.ToString();
            }

            if (c == '\\' && ++end < header.Length)
            {
                c = header[end];
            }

            text.Append(char.IsControl(c) ? ' ' : c);
        }

        return null;
    }

    [LoggerMessage(LogLevel.Warning, "{Registry} says: {Warning}")]
    private static partial void LogWarning(ILogger logger, RegistryAddress registry, string warning);
}
