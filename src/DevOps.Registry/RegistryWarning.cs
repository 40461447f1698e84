using DevOps.Oci;

namespace DevOps.Registry;

/// <summary>What a registry wants people to know, as that something will be gone soon. Nothing in this library depends on it.</summary>
/// <param name="Registry">Who says it: a registry, or a mirror.</param>
/// <param name="Text">The text, a foreign one: at most 4096 characters, without control characters.</param>
/// <remarks>Source: OCI distribution-spec 1.1, "Warnings".</remarks>
public sealed record RegistryWarning(RegistryAddress Registry, string Text);
