using System.Collections.Immutable;
using System.Globalization;

namespace DevOps.Pipelines;

/// <summary>Derives a version from tags by the rules of <see cref="GitVersionOptions"/>.</summary>
internal sealed class GitVersionReader(GitCommand git, GitVersionOptions options)
{
    internal async Task<GitVersion> ReadAsync(GitCommit head)
    {
        Dictionary<string, VersionTag> tags = await ReadTagsAsync().ConfigureAwait(false);
        if (!tags.ContainsKey(head.Id) && (await git.TextAsync(["rev-parse", "--is-shallow-repository"]).ConfigureAwait(false)).Trim() == "true")
        {
            throw new DevOpsException($"The version cannot be read from tags in '{git.Directory}': it is a shallow clone, in which commits and tags are missing. Fetch them with 'git fetch --unshallow --tags', or clone with the whole history.");
        }

        VersionTag? tag = tags.GetValueOrDefault(head.Id) ?? await FindNearestAsync(tags).ConfigureAwait(false);
        string[] count = tag is null ? ["rev-list", "--count", "HEAD"] : ["rev-list", "--count", "HEAD", "^" + tag.Commit];
        int commits = int.Parse(await git.TextAsync(count).ConfigureAwait(false), NumberStyles.AllowTrailingWhite, CultureInfo.InvariantCulture);
        int height = tag is null ? commits - 1 : commits;
        SemanticVersion version = WithMinimum(WithHeight(tag?.Version, height, options), height, options);
        return new(version with { Metadata = version.Metadata.AddRange(MetadataOf(head)) }, tag?.Name, height, head);
    }

    internal static SemanticVersion WithHeight(SemanticVersion? tagged, int height, GitVersionOptions options)
    {
        SemanticVersion version = tagged ?? new SemanticVersion(0, 0, 0) { Prerelease = options.DefaultPrerelease };
        if (height == 0)
        {
            return version;
        }

        string number = height.ToString(CultureInfo.InvariantCulture);
        if (!version.Prerelease.IsEmpty)
        {
            return version with { Prerelease = version.Prerelease.Add(number), Metadata = [] };
        }

        SemanticVersion next = options.Increment switch
        {
            VersionPart.Major => new(version.Major + 1, 0, 0),
            VersionPart.Minor => new(version.Major, version.Minor + 1, 0),
            _ => new(version.Major, version.Minor, version.Patch + 1),
        };
        return next with { Prerelease = options.DefaultPrerelease.Add(number) };
    }

    internal static SemanticVersion WithMinimum(SemanticVersion version, int height, GitVersionOptions options) =>
        (version.Major, version.Minor).CompareTo((options.MinimumMajor, options.MinimumMinor)) >= 0
            ? version
            : new(options.MinimumMajor, options.MinimumMinor, 0)
            {
                Prerelease = height == 0 ? options.DefaultPrerelease : options.DefaultPrerelease.Add(height.ToString(CultureInfo.InvariantCulture)),
            };

    private IEnumerable<string> MetadataOf(GitCommit head)
    {
        if (options.Metadata.HasFlag(GitVersionMetadata.Commit))
        {
            yield return head.ShortId;
        }

        if (options.Metadata.HasFlag(GitVersionMetadata.Dirty) && head.IsDirty)
        {
            yield return "dirty";
        }
    }

    /// <summary>Returns the highest version tag of each commit that is reachable.</summary>
    private async Task<Dictionary<string, VersionTag>> ReadTagsAsync()
    {
        Dictionary<string, VersionTag> tags = new(StringComparer.Ordinal);
        string lines = await git.TextAsync(["for-each-ref", "--merged=HEAD", "--format=%(objectname) %(objecttype) %(*objectname) %(*objecttype) %(refname)", "refs/tags"]).ConfigureAwait(false);
        foreach (string line in lines.Split('\n', StringSplitOptions.RemoveEmptyEntries))
        {
            // A tag that is no object of its own has no second pair.
            string[] fields = line.Split(' ');
            string reference = fields[^1];
            string name = reference["refs/tags/".Length..];
            if (!name.StartsWith(options.TagPrefix, StringComparison.Ordinal) || !SemanticVersion.TryParse(name[options.TagPrefix.Length..], out SemanticVersion? version))
            {
                continue;
            }

            string commit = (fields[1], fields[3]) switch
            {
                ("commit", _) => fields[0],
                (_, "commit") => fields[2],
                _ => (await git.TextAsync(["rev-parse", "--verify", reference + "^{commit}"]).ConfigureAwait(false)).Trim(),
            };
            VersionTag tag = new(name, version, commit);
            if (!tags.TryGetValue(commit, out VersionTag? other) || Compare(other, tag) < 0)
            {
                tags[commit] = tag;
            }
        }

        return tags;
    }

    // Names decide between versions that differ in their build metadata only, so that the answer is always the same.
    private static int Compare(VersionTag x, VersionTag y)
    {
        int order = SemanticVersion.Precedence.Compare(x.Version, y.Version);
        return order != 0 ? order : string.CompareOrdinal(x.Name, y.Name);
    }

    private async Task<VersionTag?> FindNearestAsync(Dictionary<string, VersionTag> tags)
    {
        if (tags.Count == 0)
        {
            return null;
        }

        // Without what is behind tags: a tagged commit that is still there is behind no other. Only commits with names are told, which are few.
        string revisions = string.Concat(tags.Keys.Select(commit => $"^{commit}^@\n").Prepend("HEAD\n"));
        string lines = await git.TextAsync(["rev-list", "--simplify-by-decoration", "--stdin"], revisions).ConfigureAwait(false);
        IEnumerable<VersionTag> nearest = lines.Split('\n').Select(commit => tags.GetValueOrDefault(commit)).OfType<VersionTag>();
        return nearest.Order(Comparer<VersionTag>.Create(Compare)).LastOrDefault();
    }

    private sealed record VersionTag(string Name, SemanticVersion Version, string Commit);
}
