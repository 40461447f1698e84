namespace DevOps.Registry;

/// <summary>A file that holds credentials, or names the programs that do.</summary>
/// <param name="Path">The file's path; the file need not exist.</param>
/// <param name="Format">Whose rules it follows.</param>
public sealed record CredentialFile(string Path, CredentialFileFormat Format);
