using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace DevOps.Archives.Tar.Tests;

/// <summary>One line of a listing, as testdata/tar-corpus/README.md tells it. All readers are compared in this form.</summary>
internal static class ListingLine
{
    /// <summary>Stands for everything that comes after damage was told.</summary>
    internal const string Error = "error";

    internal static string Of(string kind, long mode, long owner, long group, long length, DateTimeOffset time, string hash, string name, string? target)
    {
        bool hasContent = kind is "file" or "other";
        string shown = kind == "directory" ? name.TrimEnd('/') is { Length: > 0 } trimmed ? trimmed : "/" : name;
        string line = string.Create(
            CultureInfo.InvariantCulture,
            $"{kind} {Convert.ToString(mode & 0xFFF, 8).PadLeft(4, '0')} {owner} {group} {(hasContent ? length : "-")} {Seconds(time)} {(hasContent ? hash : "-")} {Escape(shown)}");
        return kind is "symlink" or "hardlink" ? $"{line} -> {Escape(target ?? "")}" : line;
    }

    /// <summary>Returns the first half of the hash, which is what listings have; "-" where the content cannot be read.</summary>
    internal static async Task<(string Hash, Exception? Error)> HashAsync(Stream content, CancellationToken cancellationToken)
    {
        try
        {
            return (Convert.ToHexStringLower(await SHA256.HashDataAsync(content, cancellationToken))[..16], null);
        }
        catch (Exception e) when (e is not OperationCanceledException)
        {
            return ("-", e);
        }
    }

    private static string Seconds(DateTimeOffset time)
    {
        decimal seconds = (decimal)(time - DateTimeOffset.UnixEpoch).Ticks / TimeSpan.TicksPerSecond;
        return seconds.ToString("0.#######", CultureInfo.InvariantCulture);
    }

    private static string Escape(string text)
    {
        StringBuilder escaped = new();
        foreach (char character in text)
        {
            _ = character is <= ' ' or '\x7F' or '\\' ? escaped.Append(CultureInfo.InvariantCulture, $"\\x{(int)character:x2}") : escaped.Append(character);
        }

        return escaped.Length == 0 ? "\"\"" : escaped.ToString();
    }
}
