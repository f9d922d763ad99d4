// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.28;

import {Ownable} from "@openzeppelin/contracts/access/Ownable.sol";
import {Ownable2Step} from "@openzeppelin/contracts/access/Ownable2Step.sol";
import {IERC20} from "@openzeppelin/contracts/token/ERC20/IERC20.sol";
import {SafeERC20} from "@openzeppelin/contracts/token/ERC20/utils/SafeERC20.sol";
import {ECDSA} from "@openzeppelin/contracts/utils/cryptography/ECDSA.sol";
import {MerkleProof} from "@openzeppelin/contracts/utils/cryptography/MerkleProof.sol";
import {MessageHashUtils} from "@openzeppelin/contracts/utils/cryptography/MessageHashUtils.sol";
import {Math} from "@openzeppelin/contracts/utils/math/Math.sol";
import {GranaryDomain} from "./GranaryDomain.sol";
import {IAccessRequests, Source} from "./interfaces/IAccessRequests.sol";
import {ICustodianCommittee} from "./interfaces/ICustodianCommittee.sol";
import {IRewardPool, Settled, Settlement, Spending} from "./interfaces/IRewardPool.sol";
import {MessageHash} from "./libraries/MessageHash.sol";

/// @title RewardPool
/// @notice Settlements and claims.
contract RewardPool is IRewardPool, GranaryDomain, Ownable2Step {
    using MessageHash for Settlement;
    using MessageHashUtils for bytes32;
    using SafeERC20 for IERC20;

    // ---------------------------------------------------------------------------------------------------- constants

    /// @inheritdoc IRewardPool
    uint256 public constant OWNERS_MINIMUM_BPS = 5000;

    /// @inheritdoc IRewardPool
    IERC20 public immutable token;

    /// @inheritdoc IRewardPool
    IAccessRequests public immutable requests;

    /// @inheritdoc IRewardPool
    ICustodianCommittee public immutable committee;

    /// @inheritdoc IRewardPool
    uint40 public immutable claimDelay;

    // ------------------------------------------------------------------------------------------------------- types

    /// @dev A settlement that was once taken, by its struct hash.
    struct Taken {
        uint64 number;
        uint64 sequence;
        bool isReturned;
    }

    // ------------------------------------------------------------------------------------------------------ storage

    /// @dev Numbers above `settlements` hold what was voided, until they are taken again.
    mapping(uint256 number => Settled) private _settled;

    mapping(bytes32 settlement => Taken) private _taken;

    /// @inheritdoc IRewardPool
    uint256 public settlements;

    /// @dev The last settlement in effect when last looked at: a lower bound of what `inEffect` finds.
    uint64 private _effective;

    uint64 private _sequence;

    /// @inheritdoc IRewardPool
    uint64 public voidings;

    /// @inheritdoc IRewardPool
    uint256 public totalClaimed;

    /// @inheritdoc IRewardPool
    mapping(address account => uint256) public claimed;

    /// @inheritdoc IRewardPool
    address public treasury;

    /// @inheritdoc IRewardPool
    address public guardian;

    // -------------------------------------------------------------------------------------------------- constructor

    constructor(
        IERC20 token_,
        IAccessRequests requests_,
        ICustodianCommittee committee_,
        address owner,
        address treasury_,
        address guardian_,
        uint40 claimDelay_
    ) Ownable(owner) {
        if (address(token_) == address(0) || address(requests_) == address(0) || address(committee_) == address(0)) {
            revert AddressZero();
        }
        uint40 window = requests_.windowMinimum();
        if (claimDelay_ >= window) revert ClaimDelayTooLong(claimDelay_, window);
        token = token_;
        requests = requests_;
        committee = committee_;
        claimDelay = claimDelay_;
        _setTreasury(treasury_);
        _setGuardian(guardian_);
    }

    // -------------------------------------------------------------------------------------------------- settlements

    /// @inheritdoc IRewardPool
    function settle(Settlement calldata settlement, bytes[] calldata signatures) external {
        bytes32 id = settlement.hash();
        uint32 epoch = committee.currentEpoch();
        (bytes32[] memory ids, uint256[] memory amounts, uint256 spent) = _sum(settlement.spending);
        _checkSettlement(settlement, id, epoch, spent);
        _checkSignatures(DOMAIN_SEPARATOR().toTypedDataHash(id), epoch, signatures);

        Source memory source = _take(settlement, id);

        uint256 paid = requests.spend(source, ids, amounts, settlement.finals);
        if (paid != spent) revert SpendingMismatch(paid, spent);
    }

    /// @inheritdoc IRewardPool
    function voidFrom(uint256 number) external {
        if (msg.sender != guardian) revert NotGuardian(msg.sender);
        uint256 last = settlements;
        if (number == 0 || number > last) revert SettlementUnknown(number);
        uint40 from = _settled[number].effectiveFrom;
        if (block.timestamp >= from) revert SettlementEffective(number, from);

        settlements = number - 1;
        ++voidings;
        emit SettlementsVoided(number, last);
    }

    /// @inheritdoc IRewardPool
    function giveBack(Settlement calldata settlement) external {
        bytes32 id = settlement.hash();
        Taken storage taken = _taken[id];
        Source memory source = Source(taken.number, taken.sequence);
        if (source.sequence == 0 || taken.isReturned || _stands(source.number, source.sequence)) {
            revert NothingToGiveBack(id);
        }
        (bytes32[] memory ids, uint256[] memory amounts, uint256 spent) = _sum(settlement.spending);

        taken.isReturned = true;
        emit SettlementReturned(source.number, source.sequence, spent);

        token.safeTransfer(address(requests), spent);
        requests.giveBack(source, ids, amounts, settlement.finals);
    }

    // ------------------------------------------------------------------------------------------------------- claims

    /// @inheritdoc IRewardPool
    function claim(address account, uint256 earned, bytes32[] calldata proof) external returns (uint256 amount) {
        Settled storage current = _settled[inEffect()];
        bytes32 leaf = keccak256(bytes.concat(keccak256(abi.encode(account, earned))));
        if (!MerkleProof.verifyCalldata(proof, current.root, leaf)) revert ProofInvalid(account, earned);
        uint256 before = claimed[account];
        if (earned <= before) revert NothingToClaim(account, earned);
        amount = earned - before;
        uint256 sum = Math.saturatingAdd(totalClaimed, amount);
        if (sum > current.total) revert SettledExceeded(sum, current.total);

        claimed[account] = earned;
        totalClaimed = sum;
        emit Claimed(account, amount, earned);

        token.safeTransfer(account, amount);
    }

    // -------------------------------------------------------------------------------------------------------- owner

    /// @inheritdoc IRewardPool
    function setTreasury(address treasury_) external onlyOwner {
        _setTreasury(treasury_);
    }

    /// @inheritdoc IRewardPool
    function setGuardian(address guardian_) external onlyOwner {
        _setGuardian(guardian_);
    }

    // -------------------------------------------------------------------------------------------------------- views

    /// @inheritdoc IRewardPool
    function settled(uint256 number) external view returns (Settled memory none) {
        return number <= settlements ? _settled[number] : none;
    }

    /// @inheritdoc IRewardPool
    function root() external view returns (bytes32) {
        return _settled[settlements].root;
    }

    /// @inheritdoc IRewardPool
    function total() public view returns (uint256) {
        return _settled[settlements].total;
    }

    /// @inheritdoc IRewardPool
    function document() public view returns (bytes32) {
        return _settled[settlements].document;
    }

    /// @inheritdoc IRewardPool
    function effectiveFrom(uint64 number, uint64 sequence) external view returns (uint256) {
        return _stands(number, sequence) ? _settled[number].effectiveFrom : type(uint256).max;
    }

    /// @inheritdoc IRewardPool
    /// @dev Effect comes in the order of the numbers, so the last one is found by halving what may be pending.
    function inEffect() public view returns (uint256 low) {
        uint256 high = settlements;
        low = _effective;
        while (low < high) {
            uint256 middle = Math.ceilDiv(low + high, 2);
            if (block.timestamp >= _settled[middle].effectiveFrom) low = middle;
            else high = middle - 1;
        }
    }

    // ---------------------------------------------------------------------------------------------------- internals

    function _checkSettlement(Settlement calldata settlement, bytes32 id, uint32 epoch, uint256 spent) private view {
        uint256 expected = settlements + 1;
        if (settlement.number != expected) revert NumberInvalid(settlement.number, expected);
        if (settlement.epoch != epoch) revert EpochNotCurrent(settlement.epoch, epoch);
        bytes32 previous = document();
        if (settlement.previousDocument != previous) {
            revert PreviousDocumentInvalid(settlement.previousDocument, previous);
        }
        if (settlement.document == 0 || (settlement.root == 0 && settlement.total != 0)) revert DocumentMissing();
        uint256 grown = Math.saturatingAdd(total(), spent);
        if (settlement.total != grown) revert TotalInvalid(settlement.total, grown);
        if (_taken[id].sequence != 0) revert SettlementRepeated(id);
    }

    function _take(Settlement calldata settlement, bytes32 id) private returns (Source memory source) {
        _effective = uint64(inEffect());
        source = Source(uint64(settlement.number), ++_sequence);
        uint40 from = uint40(block.timestamp) + claimDelay;
        _taken[id] = Taken(source.number, source.sequence, false);
        settlements = settlement.number;
        _settled[settlement.number] =
            Settled(settlement.root, settlement.total, settlement.document, source.sequence, from);
        emit SettlementTaken(
            settlement.number,
            settlement.epoch,
            settlement.root,
            settlement.total,
            settlement.document,
            source.sequence,
            from
        );
    }

    function _stands(uint64 number, uint64 sequence) private view returns (bool) {
        return sequence != 0 && number <= settlements && _settled[number].sequence == sequence;
    }

    /// @dev Saturates instead of overflowing: the total then differs.
    function _sum(Spending[] calldata spending)
        private
        pure
        returns (bytes32[] memory ids, uint256[] memory amounts, uint256 spent)
    {
        ids = new bytes32[](spending.length);
        amounts = new uint256[](spending.length);
        for (uint256 i; i < spending.length; ++i) {
            ids[i] = spending[i].request;
            amounts[i] = spending[i].amount;
            spent = Math.saturatingAdd(spent, spending[i].amount);
        }
    }

    function _checkSignatures(bytes32 digest, uint32 epoch, bytes[] calldata signatures) private view {
        uint256 threshold = committee.threshold(epoch);
        if (threshold == 0 || signatures.length < threshold) revert SignaturesTooFew(signatures.length, threshold);
        address previous;
        for (uint256 i; i < signatures.length; ++i) {
            (address signer, ECDSA.RecoverError fault,) = ECDSA.tryRecoverCalldata(digest, signatures[i]);
            if (fault != ECDSA.RecoverError.NoError) revert SignatureInvalid(address(0));
            if (signer <= previous) revert SignersNotAscending(previous, signer);
            if (committee.memberIndex(epoch, signer) == 0) revert SignerNotMember(signer);
            previous = signer;
        }
    }

    function _setTreasury(address treasury_) private {
        if (treasury_ == address(0)) revert AddressZero();
        treasury = treasury_;
        emit TreasuryChanged(treasury_);
    }

    function _setGuardian(address guardian_) private {
        guardian = guardian_;
        emit GuardianChanged(guardian_);
    }
}
