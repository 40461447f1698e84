namespace DevOps.Archives.Tar;

/// <summary>Reads PAX records.</summary>
/// <remarks>Source: POSIX.1-2017, pax, "pax Extended Header": each is <c>length keyword=value</c> and a newline, the length counting all of it.</remarks>
internal static class PaxParser
{
    /// <summary>Reads records in order; a keyword may come several times, as in the sparse maps of format 0.0.</summary>
    /// <returns><see langword="null"/> if a record is malformed.</returns>
    internal static List<PaxRecord>? Read(ReadOnlyMemory<byte> memory)
    {
        List<PaxRecord> records = [];
        ReadOnlySpan<byte> bytes = memory.Span;
        while (!bytes.IsEmpty && bytes[0] != 0)
        {
            int space = bytes.IndexOf((byte)' ');
            if (space is < 1 or > 9 || !TryLength(bytes[..space], out int length) || length <= space + 2 || length > bytes.Length || bytes[length - 1] != '\n')
            {
                return null;
            }

            ReadOnlySpan<byte> record = bytes[(space + 1)..(length - 1)];
            int equals = record.IndexOf((byte)'=');
            if (equals < 1)
            {
                return null;
            }

            records.Add(new(PaxRecord.TextOf(record[..equals]), memory[(space + equals + 2)..(length - 1)]));
            memory = memory[length..];
            bytes = memory.Span;
        }

        return records;
    }

    private static bool TryLength(ReadOnlySpan<byte> digits, out int length)
    {
        length = 0;
        foreach (byte digit in digits)
        {
            if (digit is < (byte)'0' or > (byte)'9')
            {
                return false;
            }

            length = (length * 10) + (digit - '0');
        }

        return true;
    }
}
