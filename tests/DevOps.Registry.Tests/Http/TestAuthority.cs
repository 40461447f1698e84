using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace DevOps.Registry.Tests.Http;

/// <summary>An authority of a test, and the certificates that it issues.</summary>
internal sealed class TestAuthority : IDisposable
{
    private static readonly Oid ServerUse = new("1.3.6.1.5.5.7.3.1");
    private static readonly Oid ClientUse = new("1.3.6.1.5.5.7.3.2");

    private readonly List<IDisposable> _issued = [];

    internal TestAuthority(string name = "Authority of a test")
    {
        using ECDsa key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        CertificateRequest request = new($"CN={name}", key, HashAlgorithmName.SHA256);
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(certificateAuthority: true, hasPathLengthConstraint: false, 0, critical: true));
        request.CertificateExtensions.Add(new X509KeyUsageExtension(X509KeyUsageFlags.KeyCertSign, critical: true));
        Certificate = request.CreateSelfSigned(DateTimeOffset.UtcNow.AddDays(-30), DateTimeOffset.UtcNow.AddDays(30));
        _issued.Add(Certificate);
    }

    internal X509Certificate2 Certificate { get; }

    /// <summary>Returns the certificate as a client has it: without its key.</summary>
    internal X509Certificate2 ToPublic() => Kept(X509CertificateLoader.LoadCertificate(Certificate.RawData));

    internal X509Certificate2 IssueServer(string name = "localhost", int validForDays = 10) => Issue($"CN={name}", ServerUse, name, validForDays);

    internal X509Certificate2 IssueClient(string name) => Issue($"CN={name}", ClientUse, null, 10);

    internal static X509Certificate2 SelfSigned()
    {
        using ECDsa key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        CertificateRequest request = new("CN=localhost", key, HashAlgorithmName.SHA256);
        SubjectAlternativeNameBuilder names = new();
        names.AddDnsName("localhost");
        request.CertificateExtensions.Add(names.Build());
        return request.CreateSelfSigned(DateTimeOffset.UtcNow.AddDays(-1), DateTimeOffset.UtcNow.AddDays(1));
    }

    public void Dispose() => _issued.ForEach(certificate => certificate.Dispose());

    private X509Certificate2 Issue(string subject, Oid use, string? host, int validForDays)
    {
        using ECDsa key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        CertificateRequest request = new(subject, key, HashAlgorithmName.SHA256);
        request.CertificateExtensions.Add(new X509EnhancedKeyUsageExtension([use], critical: false));
        if (host is not null)
        {
            SubjectAlternativeNameBuilder names = new();
            if (IPAddress.TryParse(host, out IPAddress? address))
            {
                names.AddIpAddress(address);
            }
            else
            {
                names.AddDnsName(host);
            }

            request.CertificateExtensions.Add(names.Build());
        }

        using X509Certificate2 bare = request.Create(Certificate, DateTimeOffset.UtcNow.AddDays(-20), DateTimeOffset.UtcNow.AddDays(validForDays), RandomNumberGenerator.GetBytes(8));
        return Kept(bare.CopyWithPrivateKey(key));
    }

    private X509Certificate2 Kept(X509Certificate2 certificate)
    {
        _issued.Add(certificate);
        return certificate;
    }
}
