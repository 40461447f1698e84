using System.Globalization;
using System.Text;

namespace DevOps.Archives.Tar;

/// <summary>Writes PAX records: <c>length key=value</c>, the length counting itself.</summary>
/// <remarks>Source: POSIX.1-2017, pax, "pax Extended Header".</remarks>
internal static class PaxRecords
{
    internal static byte[] Write(SortedDictionary<string, string> records)
    {
        using MemoryStream output = new();
        foreach ((string key, string value) in records)
        {
            byte[] text = Encoding.UTF8.GetBytes($" {key}={value}\n");
            int length = text.Length + 1;
            while (text.Length + Digits(length) != length)
            {
                length = text.Length + Digits(length);
            }

            output.Write(Encoding.ASCII.GetBytes(length.ToString(CultureInfo.InvariantCulture)));
            output.Write(text);
        }

        return output.ToArray();
    }

    private static int Digits(int number) => number.ToString(CultureInfo.InvariantCulture).Length;
}
