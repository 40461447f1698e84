namespace DevOps.Registry;

/// <summary>Why a plan copies something.</summary>
public enum PlannedRootKind
{
    /// <summary>It was asked for.</summary>
    Asked,

    /// <summary>Its subject is copied.</summary>
    Referrer,

    /// <summary>A tag of cosign's names it, made of a digest that is copied.</summary>
    CosignTag,
}
