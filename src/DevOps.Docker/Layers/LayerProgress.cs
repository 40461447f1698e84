namespace DevOps.Docker;

/// <summary>How far the building of a layer is.</summary>
/// <param name="Description">The layer.</param>
/// <param name="TarBytes">How many bytes of the uncompressed tar are done.</param>
/// <param name="Built">The layer, once it is built.</param>
public sealed record LayerProgress(string Description, long TarBytes, BuiltLayer? Built);
