namespace DevOps.Archives.Directories;

/// <summary>Something in a directory as it is packed: itself, or what a followed link leads to.</summary>
/// <param name="Path">Where it is on disk.</param>
/// <param name="Status">What it is.</param>
/// <param name="Target">Where a kept link leads to, as text.</param>
internal readonly record struct WalkedEntry(string Path, FileStatus Status, string? Target);
