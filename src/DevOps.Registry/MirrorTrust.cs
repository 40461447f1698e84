namespace DevOps.Registry;

/// <summary>What a mirror is believed. Lists of tags and of referrers come from the registry itself in any case.</summary>
public enum MirrorTrust
{
    /// <summary>Only what can be checked: content that is named by its digest.</summary>
    Digests,

    /// <summary>Also which manifest a tag means. A mirror that is behind, or wants to, then decides about versions; and a tag that only the mirror has is found.</summary>
    Tags,
}
