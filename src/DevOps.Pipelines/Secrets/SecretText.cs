namespace DevOps.Pipelines;

/// <summary>Makes secrets of what files and programs hold.</summary>
internal static class SecretText
{
    /// <summary>Returns the secret without one line end at its end, which editors and programs add; <see langword="null"/> when nothing is left.</summary>
    internal static Secret? Create(string text, string name)
    {
        string trimmed = text.EndsWith("\r\n", StringComparison.Ordinal) ? text[..^2] : text.EndsWith('\n') ? text[..^1] : text;
        return trimmed.Length == 0 ? null : new(trimmed, name);
    }
}
