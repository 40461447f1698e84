using System.Collections.Immutable;
using System.Net.Security;
using System.Security.Authentication;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace DevOps.Registry;

/// <summary>TLS with one host: which authorities vouch for it, and which certificate it is shown. A proxy on the way is another host, and gets neither.</summary>
/// <remarks>Source: RFC 5280, section 6; RFC 9525 for names, which the platform checks.</remarks>
internal sealed class RegistryTls(string host, RegistryConnectionOptions options)
{
    private const string ServerAuthentication = "1.3.6.1.5.5.7.3.1";

    internal SslClientAuthenticationOptions ToOptions() => new()
    {
        RemoteCertificateValidationCallback = options.TrustedAuthorities.IsEmpty ? null : (sender, certificate, chain, errors) => Check(((SslStream)sender).TargetHostName, certificate, chain, errors),
        LocalCertificateSelectionCallback = options.ClientCertificates.IsEmpty ? null : (_, target, _, _, issuers) => IsHost(target) ? Choose(options.ClientCertificates, issuers) : null!,
    };

    /// <summary>Returns the certificate to show.</summary>
    internal static X509Certificate2 Choose(ImmutableArray<X509Certificate2> certificates, string[] issuers) =>
        certificates.FirstOrDefault(certificate => issuers.Contains(certificate.Issuer, StringComparer.Ordinal)) ?? certificates[0];

    private bool Check(string target, X509Certificate? certificate, X509Chain? chain, SslPolicyErrors errors)
    {
        if (errors == SslPolicyErrors.None)
        {
            return true;
        }

        string? reason = errors switch
        {
            _ when certificate is not X509Certificate2 || errors.HasFlag(SslPolicyErrors.RemoteCertificateNotAvailable) => "the other side has no certificate",
            _ when errors.HasFlag(SslPolicyErrors.RemoteCertificateNameMismatch) => "the certificate is for another name",
            _ when !IsHost(target) => "the certificate's authority is not trusted",
            _ => FindFault((X509Certificate2)certificate, chain),
        };

        // Thrown, since a mere refusal would lose the reason.
        return reason is null ? true : throw new AuthenticationException(reason);
    }

    private string? FindFault(X509Certificate2 certificate, X509Chain? sent)
    {
        using X509Chain chain = new();
        chain.ChainPolicy.TrustMode = X509ChainTrustMode.CustomRootTrust;
        chain.ChainPolicy.CustomTrustStore.AddRange(options.TrustedAuthorities.ToArray());
        chain.ChainPolicy.RevocationMode = X509RevocationMode.NoCheck;
        chain.ChainPolicy.ApplicationPolicy.Add(new Oid(ServerAuthentication));

        // A certificate may name places where its issuer is found; a stranger does not choose where this machine connects to.
        chain.ChainPolicy.DisableCertificateDownloads = true;
        if (sent is not null)
        {
            chain.ChainPolicy.ExtraStore.AddRange(sent.ChainPolicy.ExtraStore);
        }

        if (chain.Build(certificate))
        {
            return null;
        }

        X509ChainStatusFlags faults = chain.ChainStatus.Aggregate(X509ChainStatusFlags.NoError, (all, status) => all | status.Status);
        return (faults & X509ChainStatusFlags.NotTimeValid) != 0 ? "the certificate is not valid now" : $"the certificate is not one of a trusted authority ({faults})";
    }

    private bool IsHost(string target) => string.Equals(target.Trim('[', ']'), host, StringComparison.OrdinalIgnoreCase);
}
