namespace Zab.Authentication;

/// <summary>The hash in the ids of the <c>digest</c> scheme.</summary>
public enum DigestAlgorithm
{
    /// <summary>SHA-1: what ZooKeeper uses unless told otherwise, so what existing permissions carry.</summary>
    Sha1 = 1,

    /// <summary>SHA-256: for an ensemble whose clients agree to it (ZooKeeper's
    /// <c>DigestAuthenticationProvider.digestAlg</c>).</summary>
    Sha256 = 2,
}
