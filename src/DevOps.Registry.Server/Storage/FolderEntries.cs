namespace DevOps.Registry.Server;

/// <summary>What is listed of a folder.</summary>
internal enum FolderEntries
{
    Files,
    Folders,
}
