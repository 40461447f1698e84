using System.Collections.Immutable;
using System.Globalization;
using DevOps.Oci;

namespace DevOps.Registry;

/// <summary>Reads a mirror's definition.</summary>
internal static class MirrorYaml
{
    internal static MirrorDefinition Read(string yaml)
    {
        YamlNode root = YamlNode.Parse(yaml);
        return root.Members("mirrors").TryGetValue("mirrors", out YamlNode? mirrors)
            ? new(mirrors.Items.Select(ReadRule).ToList())
            : throw root.Wrong("'mirrors' is missing.");
    }

    private static MirrorRule ReadRule(YamlNode node)
    {
        IReadOnlyDictionary<string, YamlNode> members = node.Members("from", "to", "repositories", "tags", "platforms", "attestations", "referrers", "cosign-tags", "delete");
        YamlNode from = Require(node, members, "from");
        YamlNode to = Require(node, members, "to");
        MirrorRule rule = members.TryGetValue("repositories", out YamlNode? repositories)
            ? ReadRepositories(node, from, to, ReadFilter(repositories))
            : ReadRepository(node, from, to);
        if (members.TryGetValue("tags", out YamlNode? tags))
        {
            rule = rule.WithTags(ReadFilter(tags));
        }

        rule = rule.WithCopy(new()
        {
            Platforms = ReadPlatforms(members),
            Referrers = Choice(members, "referrers", ("leave-out", ReferrerCopying.LeaveOut), ("include", ReferrerCopying.Include)),
            CosignTags = Choice(members, "cosign-tags", ("leave-out", CosignTagCopying.LeaveOut), ("include", CosignTagCopying.Include)),
        });
        return members.TryGetValue("delete", out YamlNode? delete) ? rule.WithDeletion(ReadDeletion(delete)) : rule;
    }

    private static MirrorRule ReadRepository(YamlNode node, YamlNode from, YamlNode to)
    {
        _ = from.Convert(MirrorRule.RepositoryOf);
        _ = to.Convert(MirrorRule.RepositoryOf);
        try
        {
            return MirrorRule.ForRepository(from.Text, to.Text);
        }
        catch (FormatException e)
        {
            throw node.Wrong(e.Message, e);
        }
    }

    private static MirrorRule ReadRepositories(YamlNode node, YamlNode from, YamlNode to, NameFilter filter)
    {
        RegistryAddress source = from.Convert(RegistryAddress.Parse);
        string target = to.Text;
        int slash = target.IndexOf('/', StringComparison.Ordinal);
        RegistryAddress address = to.Convert(_ => RegistryAddress.Parse(slash < 0 ? target : target[..slash]));
        RepositoryName? prefix = slash < 0 ? null : to.Convert(_ => RepositoryName.Parse(target[(slash + 1)..]));
        try
        {
            return MirrorRule.ForRepositories(source, filter, address, prefix);
        }
        catch (FormatException e)
        {
            throw node.Wrong(e.Message, e);
        }
    }

    private static NameFilter ReadFilter(YamlNode node)
    {
        IReadOnlyDictionary<string, YamlNode> members = node.Members("include", "exclude");
        return NameFilter.Any.Including(Patterns("include")).Excluding(Patterns("exclude"));

        ImmutableArray<NamePattern> Patterns(string key) => members.TryGetValue(key, out YamlNode? list)
            ? list.Items is [] ? throw list.Wrong($"'{key}' has no entry. Leave the key away, or add one.") : [.. list.Items.Select(ReadPattern)]
            : [];
    }

    private static NamePattern ReadPattern(YamlNode node)
    {
        IReadOnlyDictionary<string, YamlNode> members = node.Members("glob", "regex", "semver");
        if (members.Count != 1)
        {
            throw node.Wrong("a pattern is one of glob, regex and semver.");
        }

        (string kind, YamlNode text) = members.Single();
        return text.Convert<NamePattern>(kind switch { "glob" => NamePattern.Glob, "regex" => NamePattern.RegularExpression, _ => NamePattern.Versions });
    }

    private static PlatformSelection ReadPlatforms(IReadOnlyDictionary<string, YamlNode> members)
    {
        AttestationManifests attestations = Choice(members, "attestations", ("keep", AttestationManifests.Keep), ("leave-out", AttestationManifests.LeaveOut));
        if (!members.TryGetValue("platforms", out YamlNode? platforms))
        {
            return members.TryGetValue("attestations", out YamlNode? alone) ? throw alone.Wrong("'attestations' is of use only with 'platforms': a whole index keeps what it has.") : PlatformSelection.All;
        }

        List<Platform> chosen = [.. platforms.Items.Select(platform => platform.Convert(Platform.Parse))];
        return chosen is [] ? throw platforms.Wrong("'platforms' has no entry. Leave the key away to mirror all.") : PlatformSelection.NewIndex(attestations, chosen);
    }

    private static MirrorDeletion ReadDeletion(YamlNode node)
    {
        IReadOnlyDictionary<string, YamlNode> members = node.Members("max-tags");
        YamlNode max = Require(node, members, "max-tags");
        return max.Convert(text => int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out int count) && count > 0
            ? new MirrorDeletion { MaxTags = count }
            : throw new FormatException($"'{text}' is not a number of tags from 1."));
    }

    private static T Choice<T>(IReadOnlyDictionary<string, YamlNode> members, string key, params (string Word, T Value)[] choices)
    {
        if (!members.TryGetValue(key, out YamlNode? node))
        {
            return choices[0].Value;
        }

        foreach ((string word, T value) in choices)
        {
            if (node.Text == word)
            {
                return value;
            }
        }

        throw node.Wrong($"'{node.Text}' is none of {string.Join(", ", choices.Select(choice => choice.Word))}.");
    }

    private static YamlNode Require(YamlNode node, IReadOnlyDictionary<string, YamlNode> members, string key) =>
        members.TryGetValue(key, out YamlNode? value) ? value : throw node.Wrong($"'{key}' is missing.");
}
