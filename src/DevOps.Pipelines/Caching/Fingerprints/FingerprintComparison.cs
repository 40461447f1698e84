using System.Collections.Immutable;

namespace DevOps.Pipelines;

/// <summary>Finds what differs between two fingerprints.</summary>
internal static class FingerprintComparison
{
    internal static ImmutableArray<InputChange> Compare(FingerprintRecord current, FingerprintRecord previous, int maxFiles)
    {
        Dictionary<(FingerprintInputKind, string), FingerprintInput> before = previous.Inputs.ToDictionary(input => (input.Kind, input.Name));
        List<(FingerprintInput Input, InputChange Change)> changes = [];
        foreach (FingerprintInput input in current.Inputs)
        {
            if (!before.Remove((input.Kind, input.Name), out FingerprintInput? old))
            {
                changes.Add((input, new(input, InputChangeKind.Added, [], 0)));
            }
            else if (old.Digest != input.Digest)
            {
                changes.Add((input, Changed(input, old, maxFiles)));
            }
        }

        changes.AddRange(before.Values.Select(input => (input, new InputChange(input, InputChangeKind.Removed, [], 0))));
        return [.. changes.OrderBy(change => change.Input.Kind).ThenBy(change => change.Input.Name, StringComparer.Ordinal).Select(change => change.Change)];
    }

    private static InputChange Changed(FingerprintInput input, FingerprintInput old, int maxFiles)
    {
        // Without one of the lists, every file would look new.
        if (input.Files.IsEmpty || old.Files.IsEmpty)
        {
            return new(input, InputChangeKind.Changed, [], 0);
        }

        Dictionary<string, UInt128> before = new(old.Files.Length, StringComparer.Ordinal);
        foreach (FingerprintFile file in old.Files)
        {
            before[file.Path] = file.Hash;
        }

        List<FileChange> files = [];
        foreach (FingerprintFile file in input.Files)
        {
            if (!before.Remove(file.Path, out UInt128 hash))
            {
                files.Add(new(file.Path, InputChangeKind.Added));
            }
            else if (hash != file.Hash)
            {
                files.Add(new(file.Path, InputChangeKind.Changed));
            }
        }

        files.AddRange(before.Keys.Select(path => new FileChange(path, InputChangeKind.Removed)));
        return new(input, InputChangeKind.Changed, [.. files.OrderBy(file => file.Path, StringComparer.Ordinal).Take(maxFiles)], files.Count);
    }
}
