namespace DevOps.Registry;

/// <summary>What becomes of the attestations in an index when some of its platforms are chosen: manifests of platform <c>unknown/unknown</c> that say which image they are about.</summary>
/// <remarks>Source: BuildKit, "Image attestation storage": the annotations <c>vnd.docker.reference.type</c> and <c>vnd.docker.reference.digest</c>.</remarks>
public enum AttestationManifests
{
    /// <summary>Those of the chosen images go with them; those of images that are left out are left out too.</summary>
    Keep,

    /// <summary>All are left out.</summary>
    LeaveOut,
}
