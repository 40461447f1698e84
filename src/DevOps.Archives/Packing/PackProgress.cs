namespace DevOps.Archives.Packing;

/// <summary>How far packing is.</summary>
/// <param name="TarBytes">How many bytes of the archive were made of what is packed.</param>
/// <param name="CompressedBytes">How many of them are compressed and written.</param>
/// <param name="WrittenBytes">How many bytes that was, as stored.</param>
public readonly record struct PackProgress(long TarBytes, long CompressedBytes, long WrittenBytes);
