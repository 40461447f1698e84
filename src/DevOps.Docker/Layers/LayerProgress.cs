using DevOps.Archives.Packing;

namespace DevOps.Docker;

/// <summary>How far the building of a layer is.</summary>
/// <param name="Description">The layer.</param>
/// <param name="Bytes">How many bytes are read, compressed and written.</param>
/// <param name="Built">The layer, once it is built.</param>
public sealed record LayerProgress(string Description, PackProgress Bytes, BuiltLayer? Built);
