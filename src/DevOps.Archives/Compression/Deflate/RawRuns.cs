using System.Runtime.CompilerServices;

namespace DevOps.Archives.Compression.Deflate;

/// <summary>Finds how much of the input that follows is not worth a search: content that is compressed or encrypted already.</summary>
internal static unsafe class RawRuns
{
    /// <summary>After how many bytes without a match it is asked whether more of the same follows.</summary>
    internal const int TryAfterBytes = 4096;

    private const int UnitBytes = 4096;
    // A step that no record's size divides: every column of a table is seen.
    private const int SampleStep = 5;
    private const int Samples = (UnitBytes + SampleStep - 1) / SampleStep;

    // Evenly spread bytes would give Samples + Samples * (Samples - 1) / 256; a tenth more is a loss of about a hundredth of their size.
    private const int MostPairs = (Samples + (Samples * (Samples - 1) / 256)) * 11 / 10;

    /// <summary>Measures whole units of evenly spread bytes.</summary>
    /// <param name="input">The bytes.</param>
    /// <param name="length">How many.</param>
    /// <param name="counts">256 counts that are overwritten.</param>
    internal static int Measure(byte* input, int length, uint* counts)
    {
        int raw = 0;
        while (length - raw >= UnitBytes && IsSpread(input + raw, counts))
        {
            raw += UnitBytes;
        }

        return raw;
    }

    /// <summary>Tells by some units whether content looks as if no search were worth it. Short content is worth one.</summary>
    internal static bool Predict(ReadOnlySpan<byte> content)
    {
        const int Probes = 8;
        if (content.Length < Probes * Probes * UnitBytes / 2)
        {
            return false;
        }

        uint* counts = stackalloc uint[256];
        fixed (byte* start = content)
        {
            for (int i = 0; i < Probes; i++)
            {
                if (!IsSpread(start + ((content.Length - UnitBytes) / (Probes - 1) * i), counts))
                {
                    return false;
                }
            }
        }

        return true;
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static bool IsSpread(byte* unit, uint* counts)
    {
        new Span<uint>(counts, 256).Clear();
        for (int i = 0; i < UnitBytes; i += SampleStep)
        {
            counts[unit[i]]++;
        }

        uint pairs = 0;
        for (int i = 0; i < 256; i++)
        {
            pairs += counts[i] * counts[i];
        }

        return pairs <= MostPairs;
    }
}
