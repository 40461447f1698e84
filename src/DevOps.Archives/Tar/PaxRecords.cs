using System.Globalization;
using System.Text;

namespace DevOps.Archives.Tar;

/// <summary>Writes PAX records: <c>length key=value</c>, the length counting itself. Values are bytes: text is UTF-8, an extended attribute anything.</summary>
/// <remarks>Source: POSIX.1-2017, pax, "pax Extended Header".</remarks>
internal static class PaxRecords
{
    /// <summary>Starts the keyword of an extended attribute, as Linux tools agree on it.</summary>
    internal const string ExtendedAttributePrefix = "SCHILY.xattr.";

    internal static byte[] Write(SortedDictionary<string, ReadOnlyMemory<byte>> records)
    {
        using MemoryStream output = new();
        foreach ((string key, ReadOnlyMemory<byte> value) in records)
        {
            byte[] name = Encoding.UTF8.GetBytes(key);
            int rest = name.Length + value.Length + 3;
            int length = rest + 1;
            while (rest + Digits(length) != length)
            {
                length = rest + Digits(length);
            }

            output.Write(Encoding.ASCII.GetBytes(length.ToString(CultureInfo.InvariantCulture)));
            output.WriteByte((byte)' ');
            output.Write(name);
            output.WriteByte((byte)'=');
            output.Write(value.Span);
            output.WriteByte((byte)'\n');
        }

        return output.ToArray();
    }

    private static int Digits(int number) => number.ToString(CultureInfo.InvariantCulture).Length;
}
