using DevOps.Oci;

namespace DevOps.Pipelines;

/// <summary>What a store of records tells of one without reading it.</summary>
/// <param name="Name">The record's name.</param>
/// <param name="Key">The record's key.</param>
/// <param name="WrittenAt">When it was written.</param>
/// <param name="LastUsedAt">When it was read last, or written.</param>
public sealed record CacheRecordInfo(string Name, Digest Key, DateTimeOffset WrittenAt, DateTimeOffset LastUsedAt);
