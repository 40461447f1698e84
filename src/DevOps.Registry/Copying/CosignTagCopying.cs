namespace DevOps.Registry;

/// <summary>What a copy does with tags that cosign's older layout derives from a digest: <c>sha256-HEX.sig</c>, <c>.att</c> and <c>.sbom</c>.</summary>
public enum CosignTagCopying
{
    /// <summary>They stay.</summary>
    LeaveOut,

    /// <summary>They go along, under the same names. Three questions to the source for each manifest.</summary>
    Include,
}
