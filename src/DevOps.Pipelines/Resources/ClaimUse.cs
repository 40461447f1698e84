namespace DevOps.Pipelines;

/// <summary>Some units of a resource.</summary>
internal readonly record struct ClaimUse(Resource Resource, int Units);
