namespace DevOps.Pipelines;

/// <summary>How much a journal holds.</summary>
/// <param name="Records">The durable records: those found at opening and those appended since.</param>
/// <param name="LengthBytes">The bytes that they take where they are kept, everything around them included.</param>
/// <param name="Flushes">How often the disk was waited for since the opening; 0 in memory. Records that were appended meanwhile share a flush.</param>
public readonly record struct JournalStatistics(long Records, long LengthBytes, long Flushes);
