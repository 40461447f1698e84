using System.Runtime.InteropServices;

namespace DevOps.Benchmarks.Archives;

/// <summary>Bytes outside of the collected heap, of any length, with the room behind their end that encoders read.</summary>
internal sealed unsafe class NativeContent : IDisposable
{
    private const int SlackBytes = 64;

    internal NativeContent(long lengthBytes)
    {
        LengthBytes = lengthBytes;
        Start = (byte*)NativeMemory.AlignedAlloc((nuint)(lengthBytes + SlackBytes), 64);
    }

    internal byte* Start { get; private set; }

    internal long LengthBytes { get; }

    internal static NativeContent Read(string path)
    {
        using FileStream file = File.OpenRead(path);
        NativeContent content = new(file.Length);
        for (long at = 0; at < content.LengthBytes;)
        {
            Span<byte> part = content.Part(at);
            file.ReadExactly(part);
            at += part.Length;
        }

        return content;
    }

    /// <summary>Gets what a stage of packing gets at once: a buffer of 2 MiB, or what is left.</summary>
    internal Span<byte> Part(long at) => new(Start + at, (int)Math.Min(2 << 20, LengthBytes - at));

    /// <summary>Gets all bytes, where they are few enough for a span.</summary>
    internal Span<byte> All => new(Start, checked((int)LengthBytes));

    internal UnmanagedMemoryStream Open() => new(Start, LengthBytes);

    public void Dispose()
    {
        NativeMemory.AlignedFree(Start);
        Start = null;
    }
}
