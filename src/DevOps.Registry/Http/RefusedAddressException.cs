namespace DevOps.Registry;

/// <summary>A registry led to an address that lies nearer than itself. Nothing was sent there.</summary>
internal sealed class RefusedAddressException(string host, AddressReach reach) : IOException(
    $"it leads to '{host}', which is an address of {(reach == AddressReach.Local ? "this machine or its link" : "a private network")} that the registry itself is not in");
