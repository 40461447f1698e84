namespace Cli;

/// <summary>Guesses that a directory or a file here was meant by what reads as a reference into a registry.</summary>
internal static class LocalPlace
{
    private const string LayoutMarker = "oci-layout";

    /// <summary>Returns a sentence that says how it is written, with a space before it; or an empty text.</summary>
    internal static string Hint(string text)
    {
        int colon = text.LastIndexOf(':');
        string[] paths = colon > 0 ? [text, text[..colon]] : [text];
        return paths.FirstOrDefault(path => File.Exists(Path.Combine(path, LayoutMarker))) is { } layout ? $" '{layout}' is an OCI layout here: if it is meant, write 'oci:{text}'."
            : paths.FirstOrDefault(File.Exists) is { } file ? $" '{file}' is a file here: if it is an archive of docker's and meant, write 'docker-archive:{file}'."
            : "";
    }
}
