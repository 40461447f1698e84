using System.Globalization;

namespace DevOps.Registry;

/// <summary>Reads how much of a blob a registry says that it has, and decides whether that can be true.</summary>
/// <remarks>Source: OCI distribution-spec 1.1, "Pushing a blob in chunks": <c>Range: 0-last</c>.</remarks>
internal static class UploadRange
{
    /// <summary>Returns how many bytes the registry has, or <see langword="null"/> if what it says cannot be trusted.</summary>
    /// <param name="response">The answer.</param>
    /// <param name="acknowledgedBytes">How many bytes it acknowledged before: it cannot have lost any.</param>
    /// <param name="sentBytes">How many bytes may have reached it: it cannot have more.</param>
    internal static long? Read(HttpResponseMessage response, long acknowledgedBytes, long sentBytes)
    {
        if (!TryReadEnd(response, out long end))
        {
            return null;
        }

        // Registries say 0-0 of one byte and of none: without a byte known to be there, it says nothing.
        bool isUnknown = end == 0 && acknowledgedBytes == 0;
        return !isUnknown && end >= acknowledgedBytes - 1 && end < sentBytes ? end + 1 : null;
    }

    private static bool TryReadEnd(HttpResponseMessage response, out long end)
    {
        end = 0;
        string? text = response.Headers.TryGetValues("Range", out IEnumerable<string>? values) ? values.FirstOrDefault() : null;

        // Some add the unit that HTTP has, though the specification has none.
        string[] ends = (text ?? "").Replace("bytes=", "", StringComparison.OrdinalIgnoreCase).Split('-');
        return ends is [var first, var last] && first.Trim() == "0" && long.TryParse(last.Trim(), NumberStyles.None, CultureInfo.InvariantCulture, out end) && end < long.MaxValue;
    }
}
