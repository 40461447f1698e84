using DevOps.Oci;

namespace DevOps.Registry;

internal static class TagRules
{
    internal static void Check(string tag)
    {
        ArgumentNullException.ThrowIfNull(tag);
        if (!ImageReference.IsTag(tag))
        {
            throw new ArgumentException($"'{tag}' is not a tag: it starts with a letter, digit or '_', and continues with letters, digits, '_', '.' and '-'; 128 characters at most.", nameof(tag));
        }
    }
}
