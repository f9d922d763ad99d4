// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.28;

import {IERC20} from "@openzeppelin/contracts/token/ERC20/IERC20.sol";
import {IAccessRequests} from "./IAccessRequests.sol";
import {ICommonErrors} from "./ICommonErrors.sol";
import {ICustodianCommittee} from "./ICustodianCommittee.sol";
import {IGranaryDomain} from "./IGranaryDomain.sol";

/// @notice What a settlement takes from one request's escrow.
struct Spending {
    bytes32 request;
    uint256 amount;
}

/// @notice Receipts turned into rewards. Signed by t custodians of the current epoch.
struct Settlement {
    /// Counted from 1, without gaps.
    uint256 number;
    uint32 epoch;
    /// The root of the tree of (account, total ever earned); zero while nobody has earned anything.
    bytes32 root;
    /// What was settled ever, this settlement included.
    uint256 total;
    /// The digest in the CID of the settlement document.
    bytes32 document;
    /// The previous settlement's document; zero for the first.
    bytes32 previousDocument;
    Spending[] spending;
    /// Requests of which no more uses will follow.
    bytes32[] finals;
}

/// @title IRewardPool
/// @notice Settlements and claims. One root a settlement, whatever the number of owners.
/// @dev The tree is the standard one of `@openzeppelin/merkle-tree` with leaves (address account, uint256 total).
/// Treasury and custodians are accounts in it like any other. Always true: claimed <= settled <= escrowed.
/// It does not protect from t custodians who settle falsely: the contract checks sums and signatures, not receipts.
/// `guardian` and `claimDelay` are fixed now and have no effect in this version.
interface IRewardPool is ICommonErrors, IGranaryDomain {
    // ------------------------------------------------------------------------------------------------------- errors

    /// @notice Settlements follow each other without gaps.
    error NumberInvalid(uint256 number, uint256 expected);

    /// @notice Only the current epoch settles.
    error EpochNotCurrent(uint32 epoch, uint32 current);

    /// @notice The settlement does not link to the last one.
    error PreviousDocumentInvalid(bytes32 previousDocument, bytes32 expected);

    /// @notice The total did not grow by exactly what is spent.
    error TotalInvalid(uint256 total, uint256 expected);

    /// @notice A settlement without document, or without root though something was earned.
    error DocumentMissing();

    /// @notice Fewer than t signatures.
    error SignaturesTooFew(uint256 signatures, uint256 threshold);

    /// @notice Signatures come in ascending order of their signers' addresses, each signer once.
    error SignersNotAscending(address previous, address signer);

    /// @notice Signed by somebody who is not a custodian of the epoch, or for something else.
    error SignerNotMember(address signer);

    /// @notice What the escrows paid is not what the settlement says.
    error SpendingMismatch(uint256 paid, uint256 expected);

    /// @notice Not a leaf of the current tree.
    error ProofInvalid(address account, uint256 total);

    /// @notice Everything up to this total was claimed before.
    error NothingToClaim(address account, uint256 total);

    /// @notice The tree promises more than was settled.
    error SettledExceeded(uint256 claimed, uint256 settled);

    // ------------------------------------------------------------------------------------------------------- events

    /// @notice A settlement was taken.
    event Settled(uint256 indexed number, uint32 indexed epoch, bytes32 root, uint256 total, bytes32 document);

    /// @notice An account was paid `amount`, which makes `total` ever.
    event Claimed(address indexed account, uint256 amount, uint256 total);

    /// @notice The treasury's account for uses to come changed.
    event TreasuryChanged(address treasury);

    // ---------------------------------------------------------------------------------------------------- functions

    /// @notice Takes a settlement: moves what it spends here and replaces the root. Anyone may send it.
    /// @dev Custodians sign with ordinary accounts: ECDSA only, since a signature has to name its signer.
    /// @param signatures Of at least t distinct members of the current epoch, ascending by the signer's address.
    function settle(Settlement calldata settlement, bytes[] calldata signatures) external;

    /// @notice Pays an account the difference between `total` and what it claimed before. Anyone may send it; the money
    /// always goes to the account.
    /// @param proof From `@openzeppelin/merkle-tree`; empty if the tree has one leaf.
    /// @return amount What was paid.
    function claim(address account, uint256 total, bytes32[] calldata proof) external returns (uint256 amount);

    /// @notice Changes the account that settlements to come credit with the treasury's part. Owner only.
    function setTreasury(address treasury) external;

    /// @notice What an account has claimed ever.
    function claimed(address account) external view returns (uint256);

    /// @notice The last settlement's number, 0 if there was none.
    function settlements() external view returns (uint256);

    /// @notice The root of the current tree.
    function root() external view returns (bytes32);

    /// @notice What was settled ever.
    function total() external view returns (uint256);

    /// @notice What was claimed ever.
    function totalClaimed() external view returns (uint256);

    /// @notice The last settlement's document.
    function document() external view returns (bytes32);

    /// @notice The account of the treasury.
    function treasury() external view returns (address);

    /// @notice Who will be able to void a settlement during the delay.
    function guardian() external view returns (address);

    /// @notice For how many seconds a root will be pending.
    function claimDelay() external view returns (uint40);

    /// @notice Owners get at least this part of each use, in 1/10,000.
    function OWNERS_MINIMUM_BPS() external view returns (uint256);

    /// @notice The token of rewards.
    function token() external view returns (IERC20);

    /// @notice Where the escrows are.
    function requests() external view returns (IAccessRequests);

    /// @notice Where the custodians are.
    function committee() external view returns (ICustodianCommittee);
}
