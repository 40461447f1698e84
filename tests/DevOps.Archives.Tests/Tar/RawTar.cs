using System.Text;

namespace DevOps.Archives.Tar.Tests;

/// <summary>Headers as a hostile or an old program would write them.</summary>
internal static class RawTar
{
    internal static byte[] Header(string name, char type, long size, string link = "", int mode = 0x1A4, bool signedSum = false)
    {
        byte[] header = new byte[512];
        Encoding.UTF8.GetBytes(name).CopyTo(header, 0);
        Write(header, 100, Convert.ToString(mode, 8).PadLeft(7, '0'));
        Write(header, 108, "0000000");
        Write(header, 116, "0000000");
        Write(header, 124, Convert.ToString(size, 8).PadLeft(11, '0'));
        Write(header, 136, "00000000000");
        header[156] = (byte)type;
        Encoding.UTF8.GetBytes(link).CopyTo(header, 157);
        "ustar\000"u8.CopyTo(header.AsSpan(257));
        Sum(header, signedSum);
        return header;
    }

    internal static void Sum(byte[] header, bool signedSum = false)
    {
        header.AsSpan(148, 8).Fill((byte)' ');
        int sum = signedSum ? header.Sum(value => (sbyte)value) : header.Sum(value => value);
        Write(header, 148, Convert.ToString(sum, 8).PadLeft(6, '0') + "\0");
    }

    internal static byte[] Padded(string content)
    {
        byte[] bytes = new byte[(Encoding.UTF8.GetByteCount(content) + 511) / 512 * 512];
        Encoding.UTF8.GetBytes(content).CopyTo(bytes, 0);
        return bytes;
    }

    internal static byte[] Archive(params byte[][] parts) => [.. parts.SelectMany(part => part), .. new byte[1024]];

    private static void Write(byte[] header, int offset, string text) => Encoding.ASCII.GetBytes(text).CopyTo(header, offset);
}
